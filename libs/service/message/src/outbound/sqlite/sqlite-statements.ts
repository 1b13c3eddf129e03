import type { Database } from 'better-sqlite3';
import {
  EVENT_COLUMNS,
  EVENT_FIELDS,
  MEMBER_COLUMNS,
  type SqlConversation,
  type SqlEvent,
  type SqlMember,
} from '../rows.js';

const slots = (columns: string) =>
  columns
    .split(',')
    .map(() => '?')
    .join(', ');

/** A prepared statement: parameters in, rows out. */
export interface Prepared<P extends unknown[], R> {
  get(...parameters: P): R | undefined;
  all(...parameters: P): R[];
  run(...parameters: P): { lastInsertRowid: number | bigint; changes: number };
}

/** Every statement of the commit engine, prepared once. */
export function prepareStatements(db: Database) {
  const prepare = <P extends unknown[] = unknown[], R = never>(sql: string): Prepared<P, R> =>
    db.prepare<P, R>(sql) as Prepared<P, R>;
  return {
    begin: prepare('BEGIN IMMEDIATE'),
    commit: prepare('COMMIT'),
    rollback: prepare('ROLLBACK'),
    conversation: prepare<[string], SqlConversation>('SELECT * FROM conversations WHERE conversation_id = ?'),
    conversationByNo: prepare<[number], SqlConversation>('SELECT * FROM conversations WHERE no = ?'),
    createConversation: prepare(
      'INSERT INTO conversations (conversation_id, kind, epoch, history_before_join) VALUES (?, ?, ?, ?)',
    ),
    saveConversation: prepare(
      'UPDATE conversations SET head_seq = ?, message_count = ?, last_message_seq = ?, last_activity_at = ?, member_count = ?, disbanded = ?, admins_only = ? WHERE no = ?',
    ),
    member: prepare<[number, string], SqlMember>(
      `SELECT ${MEMBER_COLUMNS} FROM members WHERE conversation_no = ? AND user_id = ?`,
    ),
    // An update of plain columns leaves the index by user alone, which a REPLACE would write again on every send.
    updateMember: prepare(
      'UPDATE members SET role = ?, joined_seq = ?, gone_seq = ?, muted_until = ?, blocked = ?, delivered_seq = ?, read_seq = ?, read_message_no = ?, sent_count = ?, counted_seq = ?, read_sent_count = ? WHERE conversation_no = ? AND user_id = ?',
    ),
    insertMember: prepare(`INSERT INTO members (${MEMBER_COLUMNS}) VALUES (${slots(MEMBER_COLUMNS)})`),
    event: prepare<[number, number], SqlEvent>(
      `SELECT ${EVENT_FIELDS} FROM events WHERE conversation_no = ? AND seq = ?`,
    ),
    events: prepare<[number, number, number], SqlEvent>(
      `SELECT ${EVENT_FIELDS} FROM events WHERE conversation_no = ? AND seq BETWEEN ? AND ? ORDER BY seq`,
    ),
    ownSends: prepare<[number, number, string], { n: number }>(
      "SELECT COUNT(*) AS n FROM events WHERE conversation_no = ? AND seq > ? AND actor_id = ? AND message_type <> ''",
    ),
    insertEvent: prepare(`INSERT INTO events (${EVENT_COLUMNS}) VALUES (${slots(EVENT_COLUMNS)})`),
    saveMessage: prepare(
      'UPDATE events SET data = ?, mentions = ?, edited_at = ?, recalled_at = ?, recalled_by = ?, changed_seq = ?, pinned_at = ?, pinned_by = ?, reactions = ? WHERE conversation_no = ? AND seq = ?',
    ),
    sendKey: prepare<[number], { conversation_no: number; seq: number }>(
      'SELECT conversation_no, seq FROM send_keys WHERE key_hash = ?',
    ),
    insertSendKey: prepare('INSERT INTO send_keys (key_hash, conversation_no, seq) VALUES (?, ?, ?)'),
    fact: prepare<[string], { seq: number }>('SELECT seq FROM fact_keys WHERE change_id = ?'),
    insertFact: prepare('INSERT INTO fact_keys (change_id, conversation_no, seq) VALUES (?, ?, ?)'),
    insertMention: prepare(
      'INSERT OR IGNORE INTO mentions (user_id, conversation_no, seq, sender_id) VALUES (?, ?, ?, ?)',
    ),
    deleteMention: prepare('DELETE FROM mentions WHERE user_id = ? AND conversation_no = ? AND seq = ?'),
    hidden: prepare<[string, number, number], { seq: number }>(
      'SELECT seq FROM hidden_messages WHERE user_id = ? AND conversation_no = ? AND seq = ?',
    ),
    insertHidden: prepare(
      'INSERT OR IGNORE INTO hidden_messages (user_id, conversation_no, seq, hidden_at_seq, hidden_at) VALUES (?, ?, ?, ?, ?)',
    ),
    reaction: prepare<[number, number, string, string], { message_seq: number }>(
      'SELECT message_seq FROM reactions WHERE conversation_no = ? AND message_seq = ? AND user_id = ? AND emoji = ?',
    ),
    insertReaction: prepare(
      'INSERT OR IGNORE INTO reactions (conversation_no, message_seq, user_id, emoji) VALUES (?, ?, ?, ?)',
    ),
    deleteReaction: prepare(
      'DELETE FROM reactions WHERE conversation_no = ? AND message_seq = ? AND user_id = ? AND emoji = ?',
    ),
    deleteReactions: prepare('DELETE FROM reactions WHERE conversation_no = ? AND message_seq = ?'),
    pinCount: prepare<[number], { n: number }>('SELECT COUNT(*) AS n FROM pins WHERE conversation_no = ?'),
    insertPin: prepare('INSERT OR REPLACE INTO pins (conversation_no, message_seq, pinned_seq) VALUES (?, ?, ?)'),
    deletePin: prepare('DELETE FROM pins WHERE conversation_no = ? AND message_seq = ?'),
    beginTerm: prepare('INSERT INTO log_terms (term, since) SELECT ?, COALESCE(MAX(id), 0) FROM events'),
    counted: prepare<[], { event_id: number }>('SELECT event_id FROM counted'),
    saveCounted: prepare('UPDATE counted SET event_id = ?'),
    uncountedEvents: prepare<[number, number], SqlEvent & { id: number }>(
      `SELECT id, ${EVENT_FIELDS} FROM events WHERE id > ? ORDER BY id LIMIT ?`,
    ),
    insertOutbox: prepare('INSERT INTO outbox (ranges) VALUES (?)'),
    deleteOutbox: prepare('DELETE FROM outbox WHERE id = ?'),
    outbox: prepare<[number], { id: number; ranges: string }>('SELECT id, ranges FROM outbox ORDER BY id LIMIT ?'),
  };
}

export type Statements = ReturnType<typeof prepareStatements>;
