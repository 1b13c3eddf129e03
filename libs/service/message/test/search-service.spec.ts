import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { InProcessBus } from '@parley/adapter-in-process';
import { SqlDatabase } from '@parley/adapter-sql';
import { messageV1, searchV1 } from '@parley/contracts/rpc';
import { MessageSearchIndex } from '@parley/core-message';
import { type ServiceOverGrpc, startServiceOverGrpc } from '@parley/platform/testing';
import { eventually } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommitThread, MessageModule, SearchThread } from '../src/index.js';

/** The index as the service keeps it: filled while it runs, and made again where there is none. */
describe('search of the message service', () => {
  let directory: string;
  let log: EmbeddedLog;
  let service: ServiceOverGrpc;
  let closeStores: () => Promise<void>;

  const start = async (search: (MessageSearchIndex & { close?: () => Promise<void> }) | undefined) => {
    const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
    const windows = { editMs: 60_000, recallMs: 60_000 };
    const runner = new CommitThread(`${directory}/message.db`, windows, (error) => console.error(error));
    const module = MessageModule.with({ database, runner, search, receiptTiers: { perMember: 100, counted: 2000 } });
    const answers = [messageV1.MessageServiceService, searchV1.SearchServiceService] as const;
    service = await startServiceOverGrpc({ module, answers, log, neighbours: new InProcessBus() });
    closeStores = async () => {
      await search?.close?.();
      await database.close();
    };
  };
  const indexFile = () => SearchThread.open(`${directory}/message-search.db`);
  const stop = async () => {
    await service.stop();
    await closeStores();
  };

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'parley-search-service-'));
    log = await EmbeddedLog.open({ directory });
  });

  afterEach(async () => {
    await stop();
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const say = async (...texts: string[]) => {
    const message = service.rpc.of(messageV1.MessageServiceService);
    const member = (userId: string) => ({ userId, role: 'member' });
    const created = { kind: 'group', members: [member('ann'), member('bob')], historyBeforeJoin: true };
    const rest = { joined: undefined, gone: undefined, changed: undefined, event: undefined, disbanded: undefined };
    await message.appendFacts({
      facts: [{ changeId: 'f1', conversationId: 'c1', actorId: 'ann', created, ...rest, restricted: undefined }],
    });
    await message.appendBatch({
      sends: texts.map((text) => ({
        senderId: 'ann',
        deviceId: 'phone',
        conversationId: 'c1',
        clientMsgId: `m-${text.replaceAll(' ', '-')}`,
        type: 'text',
        contentJson: JSON.stringify({ text }),
        replyTo: '',
        mentions: [],
      })),
    });
  };
  const search = async (text: string) => {
    const { found } = await service.rpc.of(searchV1.SearchServiceService).searchMessages({
      actorId: 'bob',
      text,
      conversationId: '',
      senderId: '',
      type: '',
      fromAt: 0,
      toAt: 0,
      cursor: '',
      limit: 0,
    });
    return found.map(({ message }) => message?.seq);
  };
  const finds = (text: string, seqs: number[]) =>
    eventually(text, async () => JSON.stringify(await search(text)) === JSON.stringify(seqs), { deadlineMs: 5000 });

  it('is off where there is no index, and begins with what is there once it is switched on', async () => {
    await start(undefined);
    await say('early bird');
    await expect(search('bird')).rejects.toMatchObject({ code: 'search.off', kind: 'precondition' });
    await stop();
    await start(await indexFile());
    await finds('bird', [2]);
    await say('late bird');
    await finds('bird', [3, 2]);
  });

  it('goes on after a restart, and starts anew after the index was lost', async () => {
    await start(await indexFile());
    await say('one word', 'two words');
    await finds('word', [3, 2]);
    await stop();
    await start(await indexFile());
    await say('three words');
    await finds('word', [4, 3, 2]);
    await stop();
    for (const file of ['', '-wal', '-shm']) rmSync(`${directory}/message-search.db${file}`, { force: true });
    await start(await indexFile());
    await finds('word', [4, 3, 2]);
  });

  it('catches up with what it could not write', async () => {
    const index = await indexFile();
    let broken = true;
    const failing: MessageSearchIndex & { close?: () => Promise<void> } = {
      progress: (nos) => index.progress(nos),
      find: (...given) => index.find(...given),
      forget: (no) => index.forget(no),
      apply: (parts) => (broken ? Promise.reject(new Error('disk full')) : index.apply(parts)),
      close: () => index.close(),
    };
    await start(failing);
    await say('patience');
    expect(await search('patience')).toEqual([]);
    broken = false;
    await finds('patience', [2]);
  });
});
