import type { ConversationItem, MessageItem } from '@parley/client';
import { turnOf, uploadOf } from '../media/upload';

export type Action =
  | 'reply'
  | 'react'
  | 'edit'
  | 'copy'
  | 'download'
  | 'forward'
  | 'pin'
  | 'unpin'
  | 'select'
  | 'info'
  | 'recall'
  | 'remove'
  | 'retry'
  | 'pause'
  | 'resume'
  | 'discard';

const RECALL_MS = 2 * 60_000;
const EDIT_MS = 24 * 3_600_000;
const WITH_FILE = new Set(['image', 'file', 'audio', 'video']);

export interface ActionContext {
  conversation: ConversationItem | undefined;
  /** I may write here now. */
  maySend: boolean;
  /** Ms since the epoch. */
  now: number;
}

/** What can be done with a message, in the order of its menu. What the server would refuse is not offered. */
export function actionsOf(message: MessageItem, { conversation, maySend, now }: ActionContext): Action[] {
  if (message.state === 'failed') return ['retry', ...(hasText(message) ? (['copy'] as const) : []), 'discard'];
  if (message.messageId === undefined) {
    const turn = turnOf(uploadOf(message));
    return message.state === 'queued' ? [...(turn === undefined ? [] : [turn]), 'discard'] : [];
  }
  if (message.recalledAt !== undefined) return ['remove', 'select'];
  const age = now - Date.parse(message.sentAt);
  const leads = conversation?.role === 'owner' || conversation?.role === 'admin';
  const many = conversation?.kind === 'group' || conversation?.kind === 'room';
  const receipts = message.mine && conversation?.kind !== 'self' && conversation?.tier.receipts !== 'off';
  const can: Record<Exclude<Action, 'retry' | 'pause' | 'resume' | 'discard'>, boolean> = {
    reply: maySend,
    react: maySend,
    edit: maySend && message.mine && message.type === 'text' && age < EDIT_MS,
    copy: hasText(message),
    download: WITH_FILE.has(message.type),
    forward: message.type !== 'system',
    pin: maySend && message.pinnedAt === undefined && (!many || leads),
    unpin: maySend && message.pinnedAt !== undefined && (!many || leads),
    select: true,
    info: receipts,
    recall: (message.mine && age < RECALL_MS) || (many && leads),
    remove: true,
  };
  return (Object.keys(can) as (keyof typeof can)[]).filter((action) => can[action]);
}

function hasText(message: MessageItem): boolean {
  const { text, caption } = message.content ?? {};
  return (typeof text === 'string' && text !== '') || (typeof caption === 'string' && caption !== '');
}

/** What `copy` puts on the clipboard. */
export function textOf(message: MessageItem): string {
  const { text, caption } = message.content ?? {};
  return typeof text === 'string' ? text : typeof caption === 'string' ? caption : '';
}
