import type { Message } from '../api.js';
import { fromPlain } from '../error-answers.js';
import type { OutboxEntry, Row } from '../store/shapes.js';
import type { MessageItem, TimelineItem, UploadProgress } from '../types.js';

/** Keys of messages that were sent from here, since this client started: they keep the key they had in the outbox. */
export class ItemKeys {
  readonly #keys = new Map<string, string>();

  know(entry: OutboxEntry): void {
    this.#keys.set(entry.clientMsgId, entry.key);
  }

  of(message: Message, mine: boolean): string {
    return (mine ? this.#keys.get(message.clientMsgId) : undefined) ?? message.messageId;
  }

  clear(): void {
    this.#keys.clear();
  }
}

export function itemOfMessage(message: Message, me: string, keys: ItemKeys): MessageItem {
  const { changedSeq: _, reactions, ...rest } = message;
  const mine = message.senderId === me;
  return {
    ...rest,
    ...(reactions && {
      reactions: reactions.map((one) => ({ ...one, mine: one.mine ?? one.userIds.includes(me) })),
    }),
    key: keys.of(message, mine),
    mine,
    state: 'committed',
  };
}

export function itemOfRow(row: Row, me: string, keys: ItemKeys): TimelineItem {
  if (row.message !== undefined) return { kind: 'message', message: itemOfMessage(row.message, me, keys) };
  const notice = row.notice as NonNullable<Row['notice']>;
  return { kind: 'notice', notice: { ...notice, key: `${notice.type} ${notice.seq}` } };
}

export function itemOfEntry(entry: OutboxEntry, me: string, upload: UploadProgress | undefined): MessageItem {
  const { key, conversationId, clientMsgId, type, content, replyTo, mentions, createdAt, state, error, file } = entry;
  // A tab that was opened since has not heard how far it is.
  const shown =
    upload ?? (entry.paused && file ? { sent: 0, total: file.blob.size, state: 'paused' as const } : undefined);
  return {
    key,
    conversationId,
    clientMsgId,
    senderId: me,
    type,
    content,
    sentAt: entry.sentAt ?? createdAt,
    mine: true,
    state,
    ...(replyTo !== undefined && { replyTo }),
    ...(mentions !== undefined && { mentions: [...mentions] }),
    ...(entry.messageId !== undefined && { messageId: entry.messageId }),
    ...(entry.seq !== undefined && { seq: entry.seq }),
    ...(state === 'failed' && error !== undefined && { error: fromPlain(error) }),
    ...(shown !== undefined && { upload: shown }),
    ...(file !== undefined && { localFile: file.blob }),
  };
}
