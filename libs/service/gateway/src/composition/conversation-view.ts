import { type Conversation, type conversation, conversationTier, type room } from '@parley/contracts';
import { conversationV1, messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import type { z } from 'zod';
import { messageView } from '../inbound/message-view.js';
import { People } from './people.js';
import { iso, ifSet } from './wire-text.js';

type Role = z.input<typeof conversation>['role'];
type Room = z.input<typeof room>;

const PER_CALL = 100;

/** The public conversation: what the message service knows of its log, conversation of the rest, identity of the other's name. */
export class ConversationView {
  private readonly conversations: ServiceClient<typeof conversationV1.ConversationServiceService>;
  private readonly messages: ServiceClient<typeof messageV1.MessageServiceService>;
  private readonly people: People;

  constructor(rpc: RpcClients) {
    this.conversations = rpc.of(conversationV1.ConversationServiceService);
    this.messages = rpc.of(messageV1.MessageServiceService);
    this.people = new People(rpc);
  }

  /** In the order of the states; those that the user may no longer see are left out. */
  async views(actorId: string, states: readonly messageV1.ConversationState[]): Promise<Conversation[]> {
    const known = await this.known(
      actorId,
      states.map(({ conversationId }) => conversationId),
    );
    const peers = await this.people.named(
      actorId,
      [...known.values()].flatMap(({ peerId }) => (peerId === '' ? [] : [peerId])),
    );
    return states.flatMap((state) => {
      const wire = known.get(state.conversationId);
      if (wire === undefined) return [];
      const peer = peers.get(wire.peerId);
      return [
        { ...faceOf(wire), ...(peer === undefined ? {} : { peer }), ...logPart(state), ...minePart(wire, state) },
      ];
    });
  }

  /** One that the user is a member of. */
  async one(actorId: string, conversationId: string): Promise<Conversation> {
    const { conversations } = await this.messages.getConversations({ actorId, conversationIds: [conversationId] });
    const [view] = await this.views(
      actorId,
      conversations.filter(({ role }) => role !== ''),
    );
    if (view === undefined) throw new DomainError('conversation.not_found', 'not_found');
    return view;
  }

  private async known(actorId: string, ids: readonly string[]): Promise<Map<string, conversationV1.Conversation>> {
    const parts = Array.from({ length: Math.ceil(ids.length / PER_CALL) }, (_, i) =>
      ids.slice(i * PER_CALL, (i + 1) * PER_CALL),
    );
    const answers = await Promise.all(
      parts.map((conversationIds) => this.conversations.getConversations({ actorId, conversationIds })),
    );
    return new Map(answers.flatMap(({ conversations }) => conversations).map((each) => [each.conversationId, each]));
  }
}

/** A room for those who are not in it. */
export function roomView(wire: conversationV1.Conversation): Room {
  return { ...faceOf(wire), ...(wire.myRole === '' ? {} : { role: wire.myRole as Role }) };
}

function faceOf(wire: conversationV1.Conversation): Omit<Room, 'role'> {
  return {
    conversationId: wire.conversationId,
    kind: wire.kind as Room['kind'],
    title: wire.title,
    description: wire.description,
    ...ifSet('avatarFileId', wire.avatarFileId),
    ...ifSet('ownerId', wire.ownerId),
    joinPolicy: wire.joinPolicy as Room['joinPolicy'],
    sendPolicy: wire.sendPolicy as Room['sendPolicy'],
    historyBeforeJoin: wire.historyBeforeJoin,
    memberCount: wire.memberCount,
    ...(wire.announcement === undefined ? {} : { announcement: announcementView(wire.announcement) }),
    createdAt: iso(wire.createdAt),
    disbanded: wire.disbanded,
    tier: conversationTier(wire.memberCount),
  };
}

export function announcementView({ text, authorId, updatedAt }: conversationV1.Announcement) {
  return { text, authorId, updatedAt: iso(updatedAt) };
}

function logPart(state: messageV1.ConversationState) {
  return {
    headSeq: state.headSeq,
    epoch: state.epoch,
    ...(state.lastMessage === undefined ? {} : { lastMessage: messageView(state.lastMessage) }),
    lastActivityAt: iso(state.lastActivityAt),
    ...(state.cursors.length === 0 ? {} : { cursors: state.cursors }),
  };
}

function minePart(wire: conversationV1.Conversation, state: messageV1.ConversationState) {
  return {
    ...(wire.myRole === '' ? {} : { role: wire.myRole as Role }),
    readSeq: state.readSeq,
    deliveredSeq: state.deliveredSeq,
    unreadCount: state.unreadCount,
    mentionCount: state.mentionCount,
    joinedSeq: state.joinedSeq,
    ...(state.mutedUntil === 0 ? {} : { mutedUntil: iso(state.mutedUntil) }),
    settings: wire.mySettings ?? { muted: false, pinned: false, archived: false },
  };
}
