import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import type { Contact, ContactChange, ContactRequest } from '../domain/contact.js';
import type { Conversation, Member, MySettings } from '../domain/conversation.js';
import type { NewConversation } from '../domain/creation.js';
import type { Fact } from '../domain/fact.js';
import type { Invitation } from '../domain/invitation.js';
import type { Creation } from '../ports/conversation-store.js';
import type { PendingFact } from '../ports/pending-facts.js';

export interface StoredMember extends Member {
  settings: MySettings;
}

/** What the in-memory stores share, as the SQL ones share a schema. */
export class InMemoryState {
  readonly conversations = new Map<ConversationId, Conversation>();
  readonly members = new Map<ConversationId, Map<UserId, StoredMember>>();
  /** `<conversation> <user>`. */
  readonly keptMutes = new Map<string, number>();
  /** `<conversation> <user>` → version. */
  readonly removed = new Map<string, number>();
  readonly versions = new Map<ConversationId, number>();
  readonly invitations = new Map<string, Invitation>();
  readonly creations = new Map<string, Creation>();
  readonly contacts = new Map<string, Contact>();
  readonly requests = new Map<string, ContactRequest>();
  /** `<blocker> <blocked>`. */
  readonly blocks = new Set<string>();
  readonly pending = new Map<ConversationId, PendingFact[]>();
  readonly published: ContactChange[] = [];
  private readonly factNos = new Map<ConversationId, number>();

  insert(made: NewConversation): void {
    this.conversations.set(made.conversation.id, made.conversation);
    this.members.set(made.conversation.id, new Map());
    for (const member of made.members) this.putMember(made.conversation.id, member);
    this.enqueue(made.facts);
  }

  putMember(id: ConversationId, member: Member): void {
    const members = this.members.get(id);
    const settings = members?.get(member.userId)?.settings ?? { muted: false, pinned: false, archived: false };
    members?.set(member.userId, { ...member, settings });
  }

  enqueue(facts: readonly Fact[]): void {
    for (const fact of facts) {
      const no = (this.factNos.get(fact.conversationId) ?? 0) + 1;
      this.factNos.set(fact.conversationId, no);
      this.pending.set(fact.conversationId, [...(this.pending.get(fact.conversationId) ?? []), { no, fact }]);
    }
  }
}

/** Cuts a page out of a sorted list; the cursor is the key of the last item of the page before. */
export function pageOf<T>(sorted: readonly T[], page: PageRequest, keyOf: (item: T) => string): Page<T> {
  const start = page.cursor === undefined ? 0 : sorted.findIndex((item) => keyOf(item) === page.cursor) + 1;
  const items = sorted.slice(start, start + page.limit);
  const last = items.at(-1);
  return last === undefined || start + page.limit >= sorted.length ? { items } : { items, nextCursor: keyOf(last) };
}
