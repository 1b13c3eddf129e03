import { type ConversationRow, type EventRow, type MemberRow, sendKey, type WorkingSet } from '@parley/core-message';
import type { Place } from '../appended.js';
import { rangesOf } from '../appended.js';
import { EVENT_COLUMNS, eventValues, MEMBER_COLUMNS, memberValues } from '../rows.js';
import { marksOf } from './mark-writes.js';
import { keyHash } from './needs.js';
import { binary, newValues, NOW_MS, rowOf } from './sql-text.js';
import { inserts, joined } from './statements.js';

const CONVERSATION_COLUMNS = [
  'no',
  'conversation_id',
  'kind',
  'epoch',
  'history_before_join',
  'head_seq',
  'message_count',
  'last_message_seq',
  'last_activity_at',
  'member_count',
  'disbanded',
  'admins_only',
  'writer_slot',
  'commit_no',
] as const;
const CHANGING = CONVERSATION_COLUMNS.slice(5);
const OWN_MEMBER_COLUMNS = MEMBER_COLUMNS.split(', ').slice(2);
const COUNTS = ['sent_count', 'counted_seq'];

/** The statements that write a transaction's results, in packets. The last one commits. */
export function writesOf(
  set: WorkingSet,
  here: Place,
  afterOf: (conversationNo: number) => Place | undefined,
  published: string,
): string[] {
  const statements = [
    ...insertEvents(set.newEvents, here),
    ...updateConversations(set, here),
    ...updateMembers(set),
    ...inserts(
      'fact_keys (change_id, conversation_no, seq)',
      [...set.newFacts].map(([id, f]) => rowOf([id, f.conversationNo, f.seq])),
      '',
    ),
    ...marksOf(set),
    ...insertOutbox(set, here, afterOf),
    ...(published === '' ? [] : [published]),
    'COMMIT',
  ];
  return packets(statements);
}

function insertEvents(events: readonly EventRow[], { slot, commitNo }: Place): string[] {
  const rows = events.map((event) => {
    const values = eventValues(event);
    const key =
      event.messageType === ''
        ? 'NULL'
        : binary(
            keyHash(sendKey({ senderId: event.actorId, deviceId: event.deviceId, clientMsgId: event.clientMsgId })),
          );
    return `${rowOf(values).slice(0, -1)},${slot},${commitNo},${key})`;
  });
  return inserts(`events (${EVENT_COLUMNS}, writer_slot, commit_no, send_key)`, rows, '');
}

/**
 * Conversations that got messages and nothing else are most, and an addition costs half of an upsert: one statement for all that
 * got equally many.
 */
function updateConversations(set: WorkingSet, { slot, commitNo }: Place): string[] {
  const messages = new Map<number, number>();
  const others = new Set<number>();
  let newestAt = 0;
  for (const event of set.newEvents) {
    newestAt = Math.max(newestAt, event.at);
    if (event.messageType === '') others.add(event.conversationNo);
    else messages.set(event.conversationNo, (messages.get(event.conversationNo) ?? 0) + 1);
  }
  const written = [...set.countedConversations.union(set.decidedConversations)];
  const isPlain = (row: ConversationRow) => !set.decidedConversations.has(row) && !others.has(row.no);
  const byCount = Map.groupBy(written.filter(isPlain), (row) => messages.get(row.no) ?? 0);
  const additions = [...byCount].map(
    ([
      n,
      rows,
    ]) => `UPDATE conversations SET last_message_seq = head_seq + ${n}, head_seq = head_seq + ${n}, message_count = message_count + ${n},
      last_activity_at = GREATEST(last_activity_at, ${newestAt}), writer_slot = ${slot}, commit_no = ${commitNo} WHERE no IN (${rows.map(({ no }) => no).join()})`,
  );
  const full = written.filter((row) => !isPlain(row)).map((row) => rowOf([...conversationValues(row), slot, commitNo]));
  return [
    ...additions,
    ...inserts(
      `conversations (${CONVERSATION_COLUMNS.join()})`,
      full,
      ` ON DUPLICATE KEY UPDATE ${newValues(CHANGING)}`,
    ),
  ];
}

function conversationValues(row: ConversationRow): (string | number)[] {
  return [
    row.no,
    row.conversationId,
    row.kind,
    row.epoch,
    row.historyBeforeJoin ? 1 : 0,
    row.headSeq,
    row.messageCount,
    row.lastMessageSeq,
    row.lastActivityAt,
    row.memberCount,
    row.disbanded ? 1 : 0,
    row.adminsOnly ? 1 : 0,
  ];
}

function updateMembers(set: WorkingSet): string[] {
  const into = `members (${MEMBER_COLUMNS})`;
  const rows = (members: Iterable<MemberRow>) => [...members].map((row) => rowOf(memberValues(row)));
  // Of members that only sent, cursors may be old here: they are not written.
  const counted = rows(set.countedMembers.difference(set.decidedMembers));
  return [
    ...inserts(into, counted, ` ON DUPLICATE KEY UPDATE ${newValues(COUNTS)}`),
    ...inserts(into, rows(set.decidedMembers), ` ON DUPLICATE KEY UPDATE ${newValues(OWN_MEMBER_COLUMNS)}`),
  ];
}

function insertOutbox(
  set: WorkingSet,
  { slot, commitNo }: Place,
  afterOf: (conversationNo: number) => Place | undefined,
): string[] {
  if (set.newEvents.length === 0) return [];
  const ranges = rangesOf(set).map((range) => {
    const after = afterOf(range[0]);
    return after === undefined ? range : [...range, after.slot, after.commitNo];
  });
  return [
    `INSERT INTO outbox (writer_slot, commit_no, at, ranges) VALUES (${slot}, ${commitNo}, ${NOW_MS}, '${JSON.stringify(ranges)}')`,
  ];
}

function packets(statements: readonly string[]): string[] {
  return joined(statements, ';');
}
