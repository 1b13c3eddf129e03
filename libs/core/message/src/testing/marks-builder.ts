import { GetMessages } from '../application/list-messages.js';
import { ListEvents } from '../application/read-log.js';
import type { HideChange, PinChange, ReactChange, RecallChange } from '../domain/changes/change.js';
import type { EventRow } from '../domain/log-rows.js';
import { eventDataJson, messageJson } from '../domain/public-json.js';
import type { LogReader } from '../ports/log-reader.js';

export interface PublicMessage {
  changedSeq: number;
  pinnedAt?: string;
  pinnedBy?: string;
  reactions?: { emoji: string; count: number; userIds: string[]; mine: boolean }[];
}

export const react = (messageId: string, actorId: string, emoji = '👍', remove = false): ReactChange => ({
  kind: 'react',
  conversationId: 'c1',
  messageId,
  actorId,
  emoji,
  remove,
});
export const pin = (messageId: string, actorId: string, pinned = true): PinChange => ({
  kind: 'pin',
  conversationId: 'c1',
  messageId,
  actorId,
  pinned,
});

export const hide = (messageId: string, actorId: string): HideChange => ({
  kind: 'hide',
  conversationId: 'c1',
  messageId,
  actorId,
});
export const recall = (messageId: string, actorId = 'ann'): RecallChange => ({
  kind: 'recall',
  conversationId: 'c1',
  messageId,
  actorId,
});

/** The public message, as this user gets it in a page. */
export async function asSeen(reader: LogReader, actorId: string, messageId: string): Promise<PublicMessage> {
  const [row] = await new GetMessages(reader).execute({ actorId, conversationId: 'c1', messageIds: [messageId] });
  return JSON.parse(messageJson(row as EventRow, 'c1')) as PublicMessage;
}

/** The conversation’s log, as this user gets it. */
export const eventsOf = async (reader: LogReader, actorId = 'ann', afterSeq = 0) => {
  const query = { actorId, conversationId: 'c1', afterSeq, limit: 500 };
  const { events } = await new ListEvents(reader).execute(query);
  return events.map(({ row, subject, hidden }) => ({
    seq: row.seq,
    type: row.type,
    data: JSON.parse(eventDataJson(row, 'c1', subject, hidden)) as Record<string, unknown>,
  }));
};
