import { type ConversationRow, eventDataJson, type EventRow, type WorkingSet } from '@parley/core-message';

/** What one commit added to one conversation, ready for the topic. Plain data: it crosses a thread. */
export interface AppendedRange {
  conversationId: string;
  epoch: string;
  memberCount: number;
  events: { seq: number; type: string; at: number; actorId: string; dataJson: string }[];
  joinedUserIds: string[];
  goneUserIds: string[];
  /** Where another writer made the conversation's commit before this one: that commit has to be published first. */
  after?: Place;
}

/** A commit among those of several writers. */
export interface Place {
  slot: number;
  commitNo: number;
}

/** @param subjectOf finds the message that an edit or recall is about. */
export function appendedRange(
  conversation: ConversationRow,
  rows: readonly EventRow[],
  subjectOf: (seq: number) => EventRow | undefined,
): AppendedRange {
  const joined = rows
    .filter((row) => row.type === 'member.joined')
    .flatMap((row) => (JSON.parse(row.data) as { members: { userId: string }[] }).members);
  const gone = rows
    .filter((row) => row.type === 'member.left' || row.type === 'member.removed')
    .map((row) => JSON.parse(row.data) as { userId: string });
  return {
    conversationId: conversation.conversationId,
    epoch: conversation.epoch,
    memberCount: conversation.memberCount,
    events: rows.map((row) => ({
      seq: row.seq,
      type: row.type,
      at: row.at,
      actorId: row.actorId,
      dataJson: eventDataJson(
        row,
        conversation.conversationId,
        row.messageType === '' && row.refSeq !== 0 ? subjectOf(row.refSeq) : undefined,
      ),
    })),
    joinedUserIds: joined.map((member) => member.userId),
    goneUserIds: gone.map((member) => member.userId),
  };
}

/** What a transaction appended, by conversation. */
export function appendedRanges(set: WorkingSet): AppendedRange[] {
  if (set.newEvents.length === 0) return [];
  const byNo = Map.groupBy(set.newEvents, (event) => event.conversationNo);
  return [...set.countedConversations].flatMap((conversation) => {
    const rows = byNo.get(conversation.no);
    return rows === undefined ? [] : [appendedRange(conversation, rows, (seq) => set.event(conversation.no, seq))];
  });
}

/** The same as places in the log: conversation number, first and last seq. */
export function rangesOf(set: WorkingSet): [number, number, number][] {
  const ranges = new Map<number, [number, number, number]>();
  for (const { conversationNo, seq } of set.newEvents) {
    const range = ranges.get(conversationNo);
    if (range === undefined) ranges.set(conversationNo, [conversationNo, seq, seq]);
    else range[2] = seq;
  }
  return [...ranges.values()];
}
