import type { ConversationId, UserId } from '@parley/kernel';
import type { MySettings } from '../domain/conversation.js';
import { conversationNotFound } from '../domain/conversation.errors.js';
import type { ConversationStore } from '../ports/conversation-store.js';

/** One's own view of a conversation; nobody else learns of it, so it is no fact. */
export class SetMySettings {
  constructor(private readonly store: ConversationStore) {}

  async execute(actorId: UserId, conversationId: ConversationId, patch: Partial<MySettings>): Promise<MySettings> {
    const settings = await this.store.setMySettings(conversationId, actorId, patch);
    if (settings === undefined) throw conversationNotFound();
    return settings;
  }
}
