import { type ConversationRow, eventDataJson, type EventRow, type WorkingSet } from '@parley/core-message';

/** What one commit added to one conversation, ready for the topic. Plain data: it crosses a thread. */
export interface AppendedRange {
  conversationId: string;
  epoch: string;
  memberCount: number;
  events: { seq: number; type: string; at: number; actorId: string; dataJson: string; subjectSeq: number }[];
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
  const events = rows.map((row) => {
    const isChange = row.messageType === '' && row.refSeq !== 0;
    return {
      seq: row.seq,
      type: row.type,
      at: row.at,
      actorId: row.actorId,
      dataJson: eventDataJson(row, conversation.conversationId, isChange ? subjectOf(row.refSeq) : undefined),
      subjectSeq: isChange && !conversation.historyBeforeJoin ? row.refSeq : 0,
    };
  });
  const { conversationId, epoch, memberCount } = conversation;
  return { conversationId, epoch, memberCount, events, ...membersOf(events) };
}

/** Who came and who went by these events. */
export function membersOf(events: AppendedRange['events']): { joinedUserIds: string[]; goneUserIds: string[] } {
  const joinedUserIds: string[] = [];
  const goneUserIds: string[] = [];
  for (const { type, dataJson } of events)
    if (type === 'member.joined')
      for (const { userId } of (JSON.parse(dataJson) as { members: { userId: string }[] }).members)
        joinedUserIds.push(userId);
    else if (type === 'member.left' || type === 'member.removed')
      goneUserIds.push((JSON.parse(dataJson) as { userId: string }).userId);
  return { joinedUserIds, goneUserIds };
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
