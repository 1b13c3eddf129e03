import type { ConversationId, UserId } from '@parley/kernel';
import { ConversationAccess } from '../ports/conversation-access.js';
import { TypeSniffer } from '../ports/type-sniffer.js';

/** Conversations as the message service would know them: a head, and from which seq on each member sees. */
export class FakeConversations extends ConversationAccess {
  private readonly known = new Map<string, { head: number; from: Map<string, number> }>();

  set(conversationId: string, head: number, visibleFrom: Record<string, number>): void {
    this.known.set(conversationId, { head, from: new Map(Object.entries(visibleFrom)) });
  }

  async head(conversationId: ConversationId, userId: UserId): Promise<number | undefined> {
    const conversation = this.known.get(conversationId);
    return conversation?.from.has(userId) === true ? conversation.head : undefined;
  }

  async seesAfter(conversationId: ConversationId, headSeq: number, userId: UserId): Promise<boolean> {
    const from = this.known.get(conversationId)?.from.get(userId);
    return from !== undefined && from <= headSeq + 1;
  }
}

/** Knows two magic numbers. */
export class TinySniffer extends TypeSniffer {
  async sniff(head: Uint8Array): Promise<string | undefined> {
    if (head[0] === 0x89 && head[1] === 0x50) return 'image/png';
    if (head[0] === 0x25 && head[1] === 0x50) return 'application/pdf';
    return undefined;
  }
}
