import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventLog, type LogRecord } from '@parley/contracts';
import { SqlDatabase } from '@parley/adapter-sql';
import { conversationLogContract, type LogUnderTest, syncContract } from '@parley/core-message/testing';
import { GroupCommitLog } from './group-commit-log.js';
import { MessageRelay } from './message-relay.js';
import { SqlLogReader } from './sql-log-reader.js';
import type { CommitRunner } from './sqlite/commit-thread.js';
import { SqliteCommitEngine } from './sqlite/sqlite-commit-engine.js';

class NoLog extends EventLog {
  readonly published: LogRecord[] = [];
  async publishBatch(records: readonly LogRecord[]): Promise<void> {
    this.published.push(...records);
  }
  async subscribe(): Promise<void> {
    // Nobody listens here.
  }
  async lag(): Promise<[]> {
    return [];
  }
  async close(): Promise<void> {
    // Nothing is open.
  }
}

async function open(): Promise<LogUnderTest> {
  let now = 1_700_000_000_000;
  const directory = mkdtempSync(join(tmpdir(), 'parley-message-'));
  const database = await SqlDatabase.openSqlite({ schema: 'message', directory });
  const engine = new SqliteCommitEngine(`${directory}/message.db`, { editMs: 86_400_000, recallMs: 120_000 });
  const runner: CommitRunner = {
    commit: async (changes, published, at) => engine.commit(changes, published, at),
    unpublished: async (limit) => engine.unpublished(limit),
    close: async () => engine.close(),
  };
  const relay = new MessageRelay(runner, new NoLog());
  relay.start();
  return {
    log: new GroupCommitLog(runner, relay, { now: () => now }),
    reader: new SqlLogReader(database),
    advance: (ms) => void (now += ms),
    async close() {
      await relay.stop();
      engine.close();
      await database.close();
      rmSync(directory, { recursive: true });
    },
  };
}

conversationLogContract('SQLite', open);
syncContract('SQLite', open);
