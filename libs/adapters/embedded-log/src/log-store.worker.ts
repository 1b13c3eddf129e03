import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import type {
  Progress,
  StoreAnswer,
  StoreBoot,
  StoreCall,
  StoredBatch,
  StoredRow,
  StoreOptions,
  StoreRequest,
  StoreState,
} from './protocol.js';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS batch (
  id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS batch_by_position ON batch (topic_id, first);
CREATE TABLE IF NOT EXISTS progress (
  group_name TEXT NOT NULL, topic_id INTEGER NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (group_name, topic_id)
) WITHOUT ROWID;`;

/** A step of the sweep is this short so that a commit never waits long behind it. */
const SWEEP_ROWS = 100;
const READ_BYTES = 4 * 1024 * 1024;

interface Topic {
  id: number;
  next: number;
}

/**
 * The log's file, in a thread of its own: an fsync takes as long as the disk takes, and the sockets' event loop must not wait for it.
 * Syntax in this file stays erasable and its imports are packages and types only: from sources Node runs it as it is.
 */
export class LogStore {
  private readonly db: Database.Database;
  private readonly topics = new Map<string, Topic>();
  private readonly statements;
  private readonly options: StoreOptions;

  constructor(options: StoreOptions) {
    this.options = options;
    this.db = new Database(options.file, { timeout: 2000 });
    // One process owns the file: a second one is refused here instead of giving out the same positions again.
    this.db.pragma('locking_mode = EXCLUSIVE');
    this.db.pragma('journal_mode = WAL');
    // FULL: what publishBatch has answered survives loss of power.
    this.db.pragma('synchronous = FULL');
    this.db.pragma('wal_autocheckpoint = 4000');
    this.db.pragma('journal_size_limit = 67108864');
    this.db.exec(SCHEMA);
    const rows = this.db
      .prepare(
        'SELECT t.id, t.name, COALESCE((SELECT first + count FROM batch b WHERE b.topic_id = t.id ORDER BY first DESC LIMIT 1), 0) AS next FROM topic t',
      )
      .all() as { id: number; name: string; next: number }[];
    for (const row of rows) this.topics.set(row.name, { id: row.id, next: row.next });
    this.statements = {
      topic: this.db.prepare('INSERT INTO topic (name) VALUES (?)'),
      append: this.db.prepare('INSERT INTO batch (topic_id, first, count, at, body) VALUES (?, ?, ?, ?, ?)'),
      read: this.db.prepare(
        'SELECT first, count, body FROM batch WHERE topic_id = @id AND first >= COALESCE((SELECT MAX(first) FROM batch WHERE topic_id = @id AND first <= @from), 0) ORDER BY first',
      ),
      oldest: this.db.prepare('SELECT MIN(first) AS first FROM batch WHERE topic_id = ?'),
      progress: this.db.prepare(
        'INSERT INTO progress (group_name, topic_id, next) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET next = MAX(next, excluded.next)',
      ),
      progressOf: this.db.prepare('SELECT next FROM progress WHERE group_name = ? AND topic_id = ?'),
      passed: this.db.prepare('SELECT MIN(next) AS next FROM progress WHERE topic_id = ?'),
      sweep: this.db.prepare(
        'DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE topic_id = ? AND at < ? AND first + count <= ? ORDER BY first LIMIT ?)',
      ),
    };
  }

  state(): StoreState {
    return {
      heads: [...this.topics].map(([topic, { next }]) => ({ topic, next })),
      progress: this.db
        .prepare(
          'SELECT p.group_name AS "group", t.name AS topic, p.next FROM progress p JOIN topic t ON t.id = p.topic_id',
        )
        .all() as Progress[],
    };
  }

  /** One transaction. Answers the position of each batch's first record. */
  append(batches: StoredBatch[]): number[] {
    const now = Date.now();
    const next = new Map<Topic, number>();
    const topics = batches.map((batch) => this.topicOf(batch.topic));
    const firsts = this.atomically(() =>
      batches.map((batch, index) => {
        const topic = topics[index] as Topic;
        const first = next.get(topic) ?? topic.next;
        this.statements.append.run(topic.id, first, batch.count, now, batch.body);
        next.set(topic, first + batch.count);
        return first;
      }),
    );
    for (const [topic, head] of next) topic.next = head;
    return firsts;
  }

  /** Rows from the one that holds `from`, until they hold `maxRecords` from there or are large enough. */
  read(name: string, from: number, maxRecords: number): StoredRow[] {
    const topic = this.topics.get(name);
    const rows: StoredRow[] = [];
    let bytes = 0;
    if (topic === undefined) return rows;
    for (const row of this.statements.read.iterate({ id: topic.id, from }) as IterableIterator<StoredRow>) {
      if (row.first + row.count <= from) continue;
      rows.push(row);
      bytes += row.body.length;
      if (row.first + row.count - from >= maxRecords || bytes >= READ_BYTES) break;
    }
    return rows;
  }

  /** Makes the group known, at the oldest record kept when it is new. Answers its next position. */
  join(group: string, name: string): number {
    const topic = this.topicOf(name);
    return this.atomically(() => {
      const known = this.statements.progressOf.get(group, topic.id) as { next: number } | undefined;
      if (known !== undefined) return known.next;
      const oldest = this.statements.oldest.get(topic.id) as { first: number | null };
      const next = oldest.first ?? topic.next;
      this.statements.progress.run(group, topic.id, next);
      return next;
    });
  }

  record(progress: Progress[]): void {
    this.atomically(() => {
      for (const { group, topic, next } of progress) {
        const known = this.topics.get(topic);
        if (known !== undefined) this.statements.progress.run(group, known.id, next);
      }
    });
  }

  /**
   * Deletes a few old rows that every known group has passed. The newest row of a topic stays: positions go on from it.
   * Answers whether there may be more.
   */
  sweep(now: number): boolean {
    let more = false;
    for (const [name, topic] of this.topics) {
      const { next } = this.statements.passed.get(topic.id) as { next: number | null };
      const age = name.endsWith('.dlq') ? this.options.deadLetterRetentionMs : this.options.retentionMs;
      const limit = Math.min(next ?? topic.next, topic.next - 1);
      // Every topic gets its turn, also while another one has more than a turn holds.
      more = this.statements.sweep.run(topic.id, now - age, limit, SWEEP_ROWS).changes === SWEEP_ROWS || more;
    }
    return more;
  }

  close(): void {
    this.db.close();
  }

  private atomically<T>(work: () => T): T {
    return this.db.transaction(work).immediate();
  }

  /** Not inside another transaction: what is remembered here must not be rolled back there. */
  private topicOf(name: string): Topic {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = { id: Number(this.statements.topic.run(name).lastInsertRowid), next: 0 };
      this.topics.set(name, topic);
    }
    return topic;
  }
}

function serve(port: NonNullable<typeof parentPort>, options: StoreOptions): void {
  const store = new LogStore(options);
  const sweeper = setInterval(() => {
    try {
      for (let steps = 0; steps < 10 && store.sweep(Date.now()); steps += 1);
    } catch {
      // What a full disk left is swept next time.
    }
  }, options.sweepMs);
  const run = (request: StoreRequest): unknown => {
    switch (request.op) {
      case 'append':
        return store.append(request.batches);
      case 'read':
        return store.read(request.topic, request.from, request.maxRecords);
      case 'join':
        return store.join(request.group, request.topic);
      case 'record':
        return store.record(request.progress);
      case 'close':
        clearInterval(sweeper);
        return store.close();
    }
  };
  port.on('message', ({ id, request }: StoreCall) => {
    let answer: StoreAnswer;
    try {
      answer = { id, result: run(request) };
    } catch (error) {
      answer = { id, error: String(error) };
    }
    port.postMessage(answer);
    if (request.op === 'close') port.close();
  });
  port.postMessage({ id: 0, result: store.state() } satisfies StoreAnswer);
}

const boot = workerData as Partial<StoreBoot> | null;
if (parentPort !== null && boot?.parleyLogStore === true && boot.options !== undefined) serve(parentPort, boot.options);
