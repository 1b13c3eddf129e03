import type { UserId } from '@parley/kernel';
import type { Member } from './conversation.js';
import {
  conversationDisbanded,
  conversationNotFound,
  fixedConversation,
  memberNotFound,
  roleTooLow,
} from './conversation.errors.js';
import type { ConversationDraft } from './conversation-draft.js';

/** The acting member; who is none does not learn that the conversation exists. */
export function actingMember(draft: ConversationDraft, actorId: UserId): Member {
  const member = draft.member(actorId);
  if (member === undefined) throw conversationNotFound();
  return member;
}

/** The acting member of a group or room that still takes changes. */
export function actingInGroup(draft: ConversationDraft, actorId: UserId): Member {
  const member = actingMember(draft, actorId);
  refuseFixed(draft);
  if (draft.conversation.disbanded) throw conversationDisbanded();
  return member;
}

export function refuseFixed({ conversation }: ConversationDraft): void {
  if (conversation.kind === 'direct' || conversation.kind === 'self') throw fixedConversation();
}

/** Owner or admin. */
export function actingManager(draft: ConversationDraft, actorId: UserId): Member {
  const member = actingInGroup(draft, actorId);
  if (member.role === 'member') throw roleTooLow();
  return member;
}

/** Who may bring others in: owner and admins; in an open conversation, which anyone may join anyway, every member. */
export function actingHost(draft: ConversationDraft, actorId: UserId): Member {
  return draft.conversation.joinPolicy === 'open' ? actingInGroup(draft, actorId) : actingManager(draft, actorId);
}

export function targetMember(draft: ConversationDraft, userId: UserId): Member {
  const member = draft.member(userId);
  if (member === undefined) throw memberNotFound();
  return member;
}
