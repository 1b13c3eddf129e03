import { DiskObjectStorage } from '@parley/adapter-object-storage';
import { InProcessBus } from '@parley/adapter-in-process';
import { InMemoryEventLog } from '@parley/adapter-memory';
import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog } from '@parley/contracts';
import { fileV1, messageV1, RpcClients } from '@parley/contracts/rpc';
import { pngOf, textOf } from '@parley/core-file/testing';
import { DomainError } from '@parley/kernel';
import {
  InProcessServer,
  PlatformModule,
  readSettings,
  RpcErrorFilter,
  SystemClock,
  UuidGenerator,
} from '@parley/platform';
import { APP_FILTER } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FileModule, fileSettings, registerObjectRoutes, signingSecret } from '../src/index.js';

/** What the message service knows, as its contract tells it. */
class Conversations {
  readonly members = new Map<string, Map<string, number>>();
  readonly heads = new Map<string, number>();

  bind(bus: InProcessBus): void {
    bus.bind('MessageService/GetConversations', async (request) => {
      const { actorId, conversationIds } = request as messageV1.GetConversationsRequest;
      const seen = conversationIds.filter((id) => this.members.get(id)?.has(actorId) === true);
      return { conversations: seen.map((id) => ({ conversationId: id, role: 'member', headSeq: this.heads.get(id) })) };
    });
    bus.bind('MessageService/ListEvents', async (request) => {
      const { actorId, conversationId, afterSeq } = request as messageV1.ListEventsRequest;
      const from = this.members.get(conversationId)?.get(actorId);
      if (from === undefined) throw new DomainError('conversation.not_found', 'not_found');
      const seq = Math.max(afterSeq + 1, from);
      return { epoch: 'e', headSeq: 0, events: seq > (this.heads.get(conversationId) ?? 0) ? [] : [{ seq }] };
    });
  }

  set(id: string, head: number, members: Record<string, number>): void {
    this.heads.set(id, head);
    this.members.set(id, new Map(Object.entries(members)));
  }
}

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('the file service', () => {
  const conversations = new Conversations();
  const log = new InMemoryEventLog();
  const bus = new InProcessBus();
  const files = bus.of(fileV1.FileServiceService);
  let app: NestFastifyApplication;
  let cleanUp: () => Promise<void>;

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-file-'));
    const database = await SqlDatabase.openSqlite({ schema: 'file', directory });
    let base = '';
    const storage = await DiskObjectStorage.open({
      directory: join(directory, 'objects'),
      secret: await signingSecret(database, new UuidGenerator()),
      publicUrl: () => base,
      clock: new SystemClock(),
    });
    const settings = readSettings(fileSettings, {
      PARLEY_FILE_MAX_BYTES: '2000000',
      PARLEY_FILE_QUOTA_BYTES: '3000000',
    });
    const module = await Test.createTestingModule({
      imports: [
        PlatformModule.with([
          { provide: EventLog, useValue: log },
          { provide: RpcClients, useValue: bus },
        ]),
        FileModule.with({ database, storage, settings }),
      ],
      providers: [{ provide: APP_FILTER, useClass: RpcErrorFilter }],
    }).compile();
    conversations.bind(bus);
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.connectMicroservice({ strategy: new InProcessServer(bus) }, { inheritAppConfig: true });
    registerObjectRoutes(app.getHttpAdapter().getInstance(), storage);
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
    app.enableShutdownHooks([]);
    cleanUp = async () => {
      await app.close();
      storage.close();
      await database.close();
      await rm(directory, { recursive: true });
    };
  });
  afterAll(() => cleanUp());

  const announce = (bytes: Uint8Array, more: Partial<fileV1.CreateUploadRequest> = {}) =>
    files.createUpload({
      ...{ actorId: 'ann', name: 'a.png', size: bytes.length, contentType: 'image/png', sha256: '' },
      ...{ conversationId: '', idempotencyKey: '' },
      ...more,
    });
  const put = async (ticket: fileV1.UploadTicket | undefined, bytes: Uint8Array) => {
    const headers = Object.fromEntries((ticket?.headers ?? []).map(({ name, value }) => [name, value]));
    return fetch(ticket?.url ?? '', { method: 'PUT', headers, body: new Uint8Array(bytes) });
  };
  const upload = async (bytes: Uint8Array, more: Partial<fileV1.CreateUploadRequest> = {}) => {
    const { file, upload: ticket } = await announce(bytes, more);
    expect((await put(ticket, bytes)).status).toBe(200);
    return file?.fileId ?? '';
  };
  const download = async (actorId: string, fileId: string) =>
    fetch((await files.createDownload({ actorId, fileId })).url);

  it('takes a file from ticket to download, for those who see where it was sent', async () => {
    const bytes = pngOf(640, 480, 1_500_000);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    conversations.set('c1', 5, { ann: 1, bob: 1, late: 7 });
    const fileId = await upload(bytes, { sha256: sha256.toUpperCase(), conversationId: 'c1', name: '../Ä.png' });
    const { file } = await files.completeUpload({ actorId: 'ann', fileId });
    expect(file).toMatchObject({
      state: 'ready',
      width: 640,
      height: 480,
      sha256,
      name: 'Ä.png',
      contentType: 'image/png',
    });
    await expect(files.getFile({ actorId: 'bob', fileId })).rejects.toEqual(code('file.not_found'));
    await files.attachFile({ actorId: 'ann', fileId, conversationId: 'c1' });
    conversations.set('c1', 8, { ann: 1, bob: 1, late: 7 });
    const answer = await download('bob', fileId);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''%C3%84.png");
    for (const actorId of ['late', 'eve'])
      await expect(files.createDownload({ actorId, fileId })).rejects.toEqual(code('file.not_found'));
    conversations.set('c1', 9, { ann: 1 });
    await expect(files.createDownload({ actorId: 'bob', fileId })).rejects.toEqual(code('file.not_found'));
    await vi.waitFor(() =>
      expect(log.memory.recordsOf('parley.file.ready.v1').map((one) => one.key)).toContain(fileId),
    );
  });

  it('knows real files by their content', async () => {
    const zip = zipOf('word/document.xml', '<w/>');
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    const cases: [Uint8Array, string, string][] = [
      [textOf('%PDF-1.7\n1 0 obj\n'), 'application/pdf', 'application/pdf'],
      [zip, 'application/zip', 'application/zip'],
      [zip, docx, docx],
      [Uint8Array.from([...textOf('ID3'), 4, 0, 0, 0, 0, 0, 0, 0xff, 0xfb, 0x90, 0]), 'audio/mpeg', 'audio/mpeg'],
      [textOf('hello, Wörld'), 'text/plain', 'text/plain'],
      [textOf('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml', 'application/octet-stream'],
      [textOf('<html></html>'), 'text/html', 'application/octet-stream'],
    ];
    for (const [bytes, said, is] of cases) {
      const fileId = await upload(bytes, { contentType: said });
      expect((await files.completeUpload({ actorId: 'ann', fileId })).file?.contentType).toBe(is);
      const served = (await download('ann', fileId)).headers.get('content-type');
      expect(served).toBe(/^(audio|image)\//.test(is) ? is : 'application/octet-stream');
      await files.deleteFile({ actorId: 'ann', fileId });
    }
  });

  it('refuses what is not what it was said to be, and keeps nothing of it', async () => {
    const lies: [Uint8Array, string][] = [
      [textOf('<html><script>1</script>'), 'image/png'],
      [pngOf(3, 3), 'application/pdf'],
      [zipOf('a', 'b'), 'image/jpeg'],
      [Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 9, 9]), 'video/mp4'],
      [pngOf(100_000, 100_000), 'image/png'],
    ];
    for (const [bytes, said] of lies) {
      const fileId = await upload(bytes, { contentType: said });
      const refusal = files.completeUpload({ actorId: 'ann', fileId });
      await expect(refusal).rejects.toMatchObject({ code: expect.stringMatching(/type_mismatch|image_too_large/) });
      await expect(files.createDownload({ actorId: 'ann', fileId })).rejects.toEqual(code('file.not_ready'));
    }
  });

  it('closes tickets: used, of deleted files, of others', async () => {
    const bytes = pngOf(1, 1);
    const { file, upload: ticket } = await announce(bytes);
    expect((await put(ticket, bytes)).status).toBe(200);
    expect((await put(ticket, bytes)).status).toBe(409);
    await expect(files.completeUpload({ actorId: 'bob', fileId: file?.fileId ?? '' })).rejects.toEqual(
      code('file.not_found'),
    );
    const second = await announce(bytes);
    await files.deleteFile({ actorId: 'ann', fileId: second.file?.fileId ?? '' });
    expect((await put(second.upload, bytes)).status).toBe(409);
  });

  it('completes once, however many ask, and repeats the answer', async () => {
    const bytes = pngOf(5, 6);
    const first = await announce(bytes, { idempotencyKey: 'once' });
    expect((await announce(bytes, { idempotencyKey: 'once' })).file?.fileId).toBe(first.file?.fileId);
    await put(first.upload, bytes);
    const fileId = first.file?.fileId ?? '';
    const answers = await Promise.all([1, 2, 3, 4].map(() => files.completeUpload({ actorId: 'ann', fileId })));
    expect(new Set(answers.map(({ file }) => JSON.stringify(file))).size).toBe(1);
    await vi.waitFor(() => {
      const ready = log.memory.recordsOf('parley.file.ready.v1').filter((one) => one.key === fileId);
      expect(ready).toHaveLength(1);
    });
  });

  it('stops at the limits', async () => {
    const announceSize = (size: number, actorId: string) => announce(pngOf(1, 1), { size, actorId });
    await expect(announceSize(2_000_001, 'carl')).rejects.toEqual(code('file.too_large'));
    await announceSize(2_000_000, 'carl');
    await expect(announceSize(1_000_001, 'carl')).rejects.toEqual(code('file.quota_exceeded'));
    await announceSize(1_000_000, 'carl');
  });

  it('allows nothing while it cannot ask the message service', async () => {
    const fileId = await upload(pngOf(1, 1));
    await files.completeUpload({ actorId: 'ann', fileId });
    conversations.set('c9', 1, { ann: 1, bob: 1 });
    await files.attachFile({ actorId: 'ann', fileId, conversationId: 'c9' });
    bus.bind('MessageService/ListEvents', async () => {
      throw new DomainError('server.unavailable', 'unavailable');
    });
    await expect(files.getFile({ actorId: 'bob', fileId })).rejects.toEqual(code('server.unavailable'));
    expect((await files.getFile({ actorId: 'ann', fileId })).file?.fileId).toBe(fileId);
    conversations.bind(bus);
  });
});

/** A zip archive with one entry, as a local header and its data: what a reader from the front sees. */
function zipOf(name: string, text: string): Uint8Array {
  const data = deflateRawSync(text);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(text.length, 22);
  header.writeUInt16LE(name.length, 26);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  return Buffer.concat([header, Buffer.from(name), data, end]);
}
