import type { ConversationItem } from '@parley/client';

interface Told {
  senderId: string;
  mentions?: readonly string[] | undefined;
  recalledAt?: string | undefined;
}

/** Whether a message is worth a notification. Who muted a conversation still wants to know of being called by name there. */
export function wantsNotice(
  message: Told,
  conversation: Pick<ConversationItem, 'settings'> | undefined,
  me: string,
): 'no' | 'message' | 'mention' {
  if (message.senderId === me || message.recalledAt !== undefined || conversation === undefined) return 'no';
  const { muted, archived } = conversation.settings;
  const named = message.mentions?.includes(me) === true;
  const everybody = message.mentions?.includes('all') === true && !muted && !archived;
  if (named || everybody) return 'mention';
  return muted || archived ? 'no' : 'message';
}
