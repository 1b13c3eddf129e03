import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import { type ConversationView, isVisible, type Member } from '../domain/conversation.js';
import { conversationNotFound, memberNotFound } from '../domain/conversation.errors.js';
import type { ConversationStore } from '../ports/conversation-store.js';

/** Reads by the rule of who may see what: members see everything of a conversation, others only that an open one is there. */
export class ReadConversations {
  constructor(private readonly store: ConversationStore) {}

  /** Those that the user may see; others are left out. */
  async some(actorId: UserId, ids: readonly ConversationId[]): Promise<ConversationView[]> {
    return (await this.store.views(actorId, ids)).filter(isVisible);
  }

  async one(actorId: UserId, id: ConversationId): Promise<ConversationView> {
    const [view] = await this.some(actorId, [id]);
    if (view === undefined) throw conversationNotFound();
    return view;
  }

  rooms(actorId: UserId, page: PageRequest): Promise<Page<ConversationView>> {
    return this.store.openRooms(actorId, page);
  }

  async members(actorId: UserId, id: ConversationId, page: PageRequest): Promise<Page<Member>> {
    if ((await this.one(actorId, id)).membership === undefined) throw conversationNotFound();
    return this.store.members(id, page);
  }

  async member(actorId: UserId, id: ConversationId, userId: UserId): Promise<Member> {
    if ((await this.one(actorId, id)).membership === undefined) throw conversationNotFound();
    const [member] = await this.store.membersAmong(id, [userId]);
    if (member === undefined) throw memberNotFound();
    return member;
  }
}
