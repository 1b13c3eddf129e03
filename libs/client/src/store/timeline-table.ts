import type { StorageTransaction } from '../ports.js';
import { changedRow, subjectOf } from './message-changes.js';
import type { Range } from './ranges.js';
import type { Row, TimelinePatch } from './shapes.js';

/** Rows lie at [conversationId, seq]; [conversationId, 'm', messageId] holds the seq of a message. */
const at = (conversationId: string, seq: number) => [conversationId, seq] as const;
const byId = (conversationId: string, messageId: string) => [conversationId, 'm', messageId] as const;

export async function dropTimeline(tx: StorageTransaction, conversationId: string): Promise<void> {
  await tx.deleteRange('timeline', { from: [conversationId], to: [conversationId, '\uffff'] });
}

/** Rows within a range, oldest first; with a limit the newest of them. */
export async function readRows(
  tx: StorageTransaction,
  conversationId: string,
  [from, to]: Range,
  limit?: number,
): Promise<Row[]> {
  if (to < from) return [];
  const range = { from: at(conversationId, from), to: at(conversationId, to) };
  if (limit === undefined) return (await tx.list<Row>('timeline', range)).map(({ value }) => value);
  const found = await tx.list<Row>('timeline', { ...range, limit, backwards: true });
  return found.map(({ value }) => value).reverse();
}

export async function findRow(
  tx: StorageTransaction,
  conversationId: string,
  messageId: string,
): Promise<Row | undefined> {
  const seq = await tx.get<number>('timeline', byId(conversationId, messageId));
  return seq === undefined ? undefined : tx.get<Row>('timeline', at(conversationId, seq));
}

export async function patchTimeline(tx: StorageTransaction, patch: TimelinePatch, me: string): Promise<void> {
  const { conversationId, rows = [], changes = [], hidden = [] } = patch;
  const puts: Promise<void>[] = [];
  const put = (row: Row) => {
    puts.push(tx.put('timeline', at(conversationId, row.seq), row));
    if (row.message !== undefined) puts.push(tx.put('timeline', byId(conversationId, row.message.messageId), row.seq));
  };
  if (patch.page === true && rows.length > 0) {
    const range: Range = [(rows[0] as Row).seq, (rows.at(-1) as Row).seq];
    const stored = new Map((await readRows(tx, conversationId, range)).map((row) => [row.seq, row.changedSeq]));
    for (const row of rows) if ((stored.get(row.seq) ?? 0) <= row.changedSeq) put(row);
  } else for (const row of rows) put(row);
  await Promise.all(puts.splice(0));
  for (const event of changes) {
    const row = await tx.get<Row>('timeline', at(conversationId, subjectOf(event)));
    const next = row && changedRow(row, event, me);
    if (next !== undefined && next !== row) put(next);
  }
  for (const { seq, messageId } of hidden) {
    puts.push(tx.delete('timeline', at(conversationId, seq)));
    puts.push(tx.delete('timeline', byId(conversationId, messageId)));
  }
  await Promise.all(puts);
}
