import {
  type Candidates,
  type IndexedPart,
  type IndexProgress,
  MessageSearchIndex,
  SEARCH_WINDOW,
  type SearchScope,
} from '@parley/core-message';
import { rmSync } from 'node:fs';
import Database from 'better-sqlite3';

/** Of the terms and the tables. A file of another version is made anew from the log. */
const VERSION = 1;
/**
 * A row per message, its id made of conversation number and seq: the order of ids within a conversation is that of its messages.
 * Each term begins with the number of its conversation, so that its list holds one conversation's messages and nothing has to be
 * skipped. No positions, no ranks: who matches exactly is looked at in the messages. `secure-delete`: a recalled text leaves no trace.
 */
const SCHEMA = `
  CREATE TABLE progress (conversation_no INTEGER PRIMARY KEY, seq INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE VIRTUAL TABLE messages USING fts5(terms, detail=none, columnsize=0, tokenize="ascii tokenchars '_'");
  INSERT INTO messages (messages, rank) VALUES ('secure-delete', 1);
  PRAGMA user_version = ${VERSION};`;
const ID = '((? << 31) | ?)';

/** The search index in a file of its own: one that is lost, cut short or of another version is made again from the log. */
export class SqliteSearchIndex extends MessageSearchIndex {
  private readonly sql: ReturnType<typeof prepare>;
  private readonly applyAll: (parts: readonly IndexedPart[]) => void;

  private constructor(private readonly db: Database.Database) {
    super();
    this.sql = prepare(db);
    this.applyAll = db.transaction((parts: readonly IndexedPart[]) => {
      for (const part of parts) this.applyOne(part);
    });
  }

  static open(file: string): SqliteSearchIndex {
    try {
      return new SqliteSearchIndex(opened(file));
    } catch (error) {
      if (!/^SQLITE_(CORRUPT|NOTADB)/.test((error as { code?: string }).code ?? '')) throw error;
      // Nothing is in it that the log has not.
      for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
      return new SqliteSearchIndex(opened(file));
    }
  }

  async progress(conversationNos: readonly number[]): Promise<ReadonlyMap<number, IndexProgress>> {
    const known = new Map<number, IndexProgress>();
    for (const no of conversationNos) {
      const row = this.sql.progress.get(no);
      if (row !== undefined) known.set(no, row);
    }
    return known;
  }

  async apply(parts: readonly IndexedPart[]): Promise<void> {
    this.applyAll(parts);
  }

  async forget(conversationNo: number): Promise<void> {
    this.db.transaction(() => {
      this.sql.forget.run(conversationNo, conversationNo + 1);
      this.sql.forgetProgress.run(conversationNo);
    })();
  }

  async find(terms: readonly string[], scopes: readonly SearchScope[], each: number): Promise<Candidates[]> {
    return scopes.map(({ conversationNo: no, fromSeq, toSeq }) => {
      const from = Math.max(fromSeq, toSeq - SEARCH_WINDOW + 1);
      const match = terms.map((term) => `"${scoped(no, term)}"`).join(' AND ');
      const seqs = this.sql.find.all(match, no, from, no, toSeq, each).map(({ seq }) => seq);
      return { conversationNo: no, seqs, reachedSeq: seqs.length < each ? from : (seqs.at(-1) as number) };
    });
  }

  close(): void {
    this.db.close();
  }

  private applyOne({ conversationNo: no, afterSeq, progress, entries }: IndexedPart): void {
    // DEDUPE: by where the conversation's index is.
    if ((this.sql.progress.get(no)?.seq ?? 0) !== afterSeq) return;
    for (const [seq, terms] of entries) {
      if (seq <= afterSeq) this.sql.remove.run(no, seq);
      if (terms.length > 0) this.sql.insert.run(no, seq, terms.map((term) => scoped(no, term)).join(' '));
    }
    this.sql.saveProgress.run(no, progress.seq, progress.at);
  }
}

function opened(file: string): Database.Database {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    // What a loss of power takes is indexed again: progress and entries are lost together.
    db.pragma('synchronous = NORMAL');
    db.pragma('secure_delete = ON');
    if (db.pragma('user_version', { simple: true }) !== VERSION)
      db.transaction(() => {
        db.exec(`DROP TABLE IF EXISTS progress; DROP TABLE IF EXISTS messages; ${SCHEMA}`);
      })();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const scoped = (no: number, term: string) => `${no.toString(36)}_${term}`;

function prepare(db: Database.Database) {
  return {
    progress: db.prepare<[number], IndexProgress>('SELECT seq, at FROM progress WHERE conversation_no = ?'),
    saveProgress: db.prepare('INSERT OR REPLACE INTO progress (conversation_no, seq, at) VALUES (?, ?, ?)'),
    forgetProgress: db.prepare('DELETE FROM progress WHERE conversation_no = ?'),
    forget: db.prepare('DELETE FROM messages WHERE rowid >= ? << 31 AND rowid < ? << 31'),
    insert: db.prepare(`INSERT INTO messages (rowid, terms) VALUES (${ID}, ?)`),
    remove: db.prepare(`DELETE FROM messages WHERE rowid = ${ID}`),
    find: db.prepare<[string, number, number, number, number, number], { seq: number }>(
      `SELECT rowid & 2147483647 AS seq FROM messages WHERE messages MATCH ? AND rowid BETWEEN ${ID} AND ${ID} ORDER BY rowid DESC LIMIT ?`,
    ),
  };
}
