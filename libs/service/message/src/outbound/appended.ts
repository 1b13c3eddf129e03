import { type ConversationRow, eventDataJson, type EventRow } from '@parley/core-message';

/** What one commit added to one conversation, ready for the topic. Plain data: it crosses a thread. */
export interface AppendedRange {
  conversationId: string;
  epoch: string;
  memberCount: number;
  events: { seq: number; type: string; at: number; actorId: string; dataJson: string }[];
  joinedUserIds: string[];
  goneUserIds: string[];
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
