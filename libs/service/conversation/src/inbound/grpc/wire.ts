import type { commonV1, contactV1, conversationV1 } from '@parley/contracts/rpc';
import {
  type Contact,
  type ContactRequest,
  type ConversationView,
  type Invitation,
  type Member,
  peerIn,
  visibleState,
} from '@parley/core-conversation';
import type { PageRequest, UserId } from '@parley/kernel';

const USUAL_LIMIT = 50;
const MAX_LIMIT = 100;

export function pageRequest(page: commonV1.PageRequest | undefined): PageRequest {
  const limit = page?.limit ? Math.min(page.limit, MAX_LIMIT) : USUAL_LIMIT;
  return page?.cursor ? { cursor: page.cursor, limit } : { limit };
}

export function conversationWire(view: ConversationView, actorId: string): conversationV1.Conversation {
  const { conversation, membership } = view;
  return {
    conversationId: conversation.id,
    kind: conversation.kind,
    title: conversation.title,
    avatarFileId: conversation.avatarFileId,
    description: conversation.description,
    ownerId: conversation.ownerId,
    // For members only. One that was taken away is stored as an empty text.
    announcement: membership && conversation.announcement?.text ? conversation.announcement : undefined,
    joinPolicy: conversation.joinPolicy,
    sendPolicy: conversation.sendPolicy,
    historyBeforeJoin: conversation.historyBeforeJoin,
    createdAt: conversation.createdAt,
    peerId: conversation.kind === 'direct' && conversation.pair ? peerIn(conversation.pair, actorId as UserId) : '',
    mySettings: membership?.settings,
    disbanded: conversation.disbanded,
    memberCount: conversation.memberCount,
    myRole: membership?.role ?? '',
  };
}

export function memberWire({ userId, role, mutedUntil, nickname, joinedAt }: Member): conversationV1.Member {
  return { userId, role, mutedUntil, nickname, joinedAt };
}

export function invitationWire(invitation: Invitation): conversationV1.Invitation {
  const { code, conversationId, createdBy, expiresAt, maxUses, uses } = invitation;
  return { code, conversationId, createdBy, expiresAt, maxUses, uses };
}

export function contactWire({ peerId, remark, tags, addedAt }: Contact): contactV1.Contact {
  return { userId: peerId, remark, tags: [...tags], since: addedAt };
}

export function requestWire(request: ContactRequest, now: number): contactV1.ContactRequest {
  return {
    requestId: request.id,
    fromUserId: request.from,
    toUserId: request.to,
    greeting: request.greeting,
    state: visibleState(request, now),
    createdAt: request.createdAt,
    answeredAt: request.answeredAt,
    expiresAt: request.expiresAt,
  };
}
