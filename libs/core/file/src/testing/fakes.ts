import { Clock, type ConversationId, IdGenerator, type UserId } from '@parley/kernel';
import { ConversationAccess } from '../ports/conversation-access.js';
import { TypeSniffer } from '../ports/type-sniffer.js';

export class SetClock extends Clock {
  constructor(private at = Date.UTC(2026, 0, 1)) {
    super();
  }

  now(): number {
    return this.at;
  }

  pass(ms: number): void {
    this.at += ms;
  }
}

export class CountingIds extends IdGenerator {
  private count = 0;

  constructor(private readonly prefix = 'id') {
    super();
  }

  next(): string {
    return `${this.prefix}-${String((this.count += 1)).padStart(4, '0')}`;
  }

  secret(): string {
    return `secret-${this.next()}`;
  }
}

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
