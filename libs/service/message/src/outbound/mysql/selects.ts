import type { FactBody } from '@parley/core-message';
import { EVENT_FIELDS, MEMBER_COLUMNS } from '../rows.js';
import type { Needs } from './needs.js';
import { binary, keyTable, quoted, rowOf } from './sql-text.js';

export interface FoundPoint {
  no: number;
  user_id: string;
  seq: number;
  n: number;
}

export interface FoundSend {
  send_key: Buffer;
  conversation_no: number;
  seq: number;
  at: number;
  fingerprint: number;
}

const of = (alias: string, columns: string) =>
  columns
    .split(', ')
    .map((column) => `${alias}.${column}`)
    .join();

export function numbersOf(ids: readonly string[]): string {
  return `SELECT no, conversation_id FROM conversations WHERE conversation_id IN (${ids.map(quoted).join()})`;
}

/** ORDER: rows are locked as the index gives them, by number. */
export function headsByNumbers(nos: readonly number[]): string {
  return `SELECT * FROM conversations WHERE no IN (${nos.join()}) ORDER BY no FOR UPDATE`;
}

export function headsByIds(ids: readonly string[]): string {
  return `SELECT * FROM conversations WHERE conversation_id IN (${ids.map(quoted).join()}) FOR UPDATE`;
}

type Created = Extract<FactBody, { is: 'created' }> & { conversationId: string };

/** Leaves those alone that are there. */
export function newConversations(created: readonly Created[]): string {
  const rows = created.map(({ conversationId, kind, epoch, historyBeforeJoin }) =>
    rowOf([conversationId, kind, epoch, historyBeforeJoin ? 1 : 0]),
  );
  return `INSERT INTO conversations (conversation_id, kind, epoch, history_before_join) VALUES ${rows.join()} ON DUPLICATE KEY UPDATE no = no`;
}

export function membersBy(keys: readonly (readonly [number, string])[]): string {
  const table = keyTable({ no: 'INT', user_id: 'VARCHAR(64)' }, keys);
  return `SELECT STRAIGHT_JOIN ${of('m', MEMBER_COLUMNS)} FROM ${table} JOIN members m ON m.conversation_no = k.no AND m.user_id = k.user_id`;
}

export function eventsBy(spots: readonly (readonly [number, number])[]): string {
  const table = keyTable({ no: 'INT', seq: 'INT' }, spots);
  return `SELECT STRAIGHT_JOIN ${of('e', EVENT_FIELDS)} FROM ${table} JOIN events e ON e.conversation_no = k.no AND e.seq = k.seq`;
}

function hiddenBy(keys: readonly (readonly [number, string, number])[]): string {
  const table = keyTable({ no: 'INT', user_id: 'VARCHAR(64)', seq: 'INT' }, keys);
  return `SELECT STRAIGHT_JOIN h.conversation_no, h.user_id, h.seq FROM ${table}
    JOIN hidden_messages h ON h.user_id = k.user_id AND h.conversation_no = k.no AND h.seq = k.seq`;
}

/** All of a user's reactions to a message: they are few. */
function reactionsBy(keys: readonly (readonly [number, string, number])[]): string {
  const table = keyTable({ no: 'INT', user_id: 'VARCHAR(64)', seq: 'INT' }, keys);
  return `SELECT STRAIGHT_JOIN r.conversation_no, r.message_seq, r.user_id, r.emoji FROM ${table}
    JOIN reactions r ON r.conversation_no = k.no AND r.message_seq = k.seq AND r.user_id = k.user_id`;
}

/** One statement for each kind of row that is needed, in the order of the fields of `Needs`. */
export function selectsOf({ members, events, points, facts, sends, hidden, reactions, pins }: Needs): string[] {
  return [
    ...(members.size === 0 ? [] : [membersBy([...members.values()])]),
    ...(events.size === 0 ? [] : [eventsBy([...events.values()])]),
    // With plain numbers, so that each is a short range of the log; joined, it would be the whole conversation.
    ...(points.size === 0 ? [] : [[...points.values()].map(countOf).join(' UNION ALL ')]),
    ...(facts.size === 0
      ? []
      : [`SELECT change_id, seq FROM fact_keys WHERE change_id IN (${[...facts].map(quoted).join()})`]),
    ...(sends.size === 0
      ? []
      : [
          `SELECT send_key, conversation_no, seq, at, fingerprint FROM events WHERE send_key IN (${[...sends.keys()].map(binary).join()})`,
        ]),
    ...(hidden.size === 0 ? [] : [hiddenBy([...hidden.values()])]),
    ...(reactions.size === 0 ? [] : [reactionsBy([...reactions.values()])]),
    ...(pins.size === 0
      ? []
      : [
          `SELECT conversation_no AS no, COUNT(*) AS n FROM pins WHERE conversation_no IN (${[...pins].join()}) GROUP BY conversation_no`,
        ]),
  ];
}

function countOf([no, userId, seq]: readonly [number, string, number]): string {
  return `SELECT ${no} AS no, ${quoted(userId)} AS user_id, ${seq} AS seq, COUNT(*) AS n FROM events
    WHERE conversation_no = ${no} AND seq > ${seq} AND actor_id = ${quoted(userId)} AND message_type <> ''`;
}
