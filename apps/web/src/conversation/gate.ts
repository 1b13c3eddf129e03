import type { ConversationItem } from '@parley/client';

/** Why somebody may not write here. */
export type Gate =
  | { why: 'disbanded' }
  | { why: 'left' }
  | { why: 'blocked'; userId: string }
  | { why: 'muted'; until: string }
  | { why: 'admins-only' };

export function gateOf(conversation: ConversationItem, blocked: readonly string[], now: number): Gate | undefined {
  const { role, peer, mutedUntil } = conversation;
  if (conversation.disbanded) return { why: 'disbanded' };
  if (role === undefined) return { why: 'left' };
  if (conversation.kind === 'direct' && peer !== undefined && blocked.includes(peer.userId))
    return { why: 'blocked', userId: peer.userId };
  if (mutedUntil !== undefined && Date.parse(mutedUntil) > now) return { why: 'muted', until: mutedUntil };
  const policy: unknown = (conversation as { sendPolicy?: unknown }).sendPolicy;
  return policy === 'admins' && role === 'member' ? { why: 'admins-only' } : undefined;
}
