import type { EventRow, MemberRow } from '../domain/log-rows.js';
import { unreadCount, visibleFrom } from '../domain/log-rows.js';
import { LogReader, type Membership } from '../ports/log-reader.js';
import { asReadBy } from './as-read-by.js';

export interface ConversationState extends Membership {
  unreadCount: number;
  mentionCount: number;
  lastMessage: EventRow | undefined;
  /** The others' cursors, for conversations small enough to list them. */
  cursors: MemberRow[];
}

/** Conversations of at most this many members carry all cursors in lists; for larger ones receipts are asked message by message. */
const CURSORS_IN_LISTS = 20;

/** What a member sees of conversations: heads, cursors, unread by formula, last message in its current state. */
export class ConversationStates {
  constructor(private readonly reader: LogReader) {}

  async of(userId: string, memberships: readonly Membership[]): Promise<ConversationState[]> {
    const mentions = await this.reader.mentionCounts(userId, memberships);
    const states = await Promise.all(
      memberships.map(async (membership) => {
        const { conversation, member } = membership;
        const fromSeq = visibleFrom(conversation, member);
        const toSeq = conversation.lastMessageSeq;
        const newest = { conversationNo: conversation.no, userId, fromSeq, toSeq, limit: 1, newestFirst: true };
        const [lastMessage] = toSeq >= fromSeq ? await this.reader.messages(newest) : [];
        const others =
          conversation.memberCount <= CURSORS_IN_LISTS
            ? await this.reader.memberPage(conversation.no, '', CURSORS_IN_LISTS)
            : [];
        return {
          ...membership,
          unreadCount: unreadCount(conversation, member),
          mentionCount: mentions.get(conversation.no) ?? 0,
          lastMessage,
          cursors: others.filter((other) => other.userId !== userId),
        };
      }),
    );
    const read = await asReadBy(
      this.reader,
      userId,
      states.flatMap(({ lastMessage }) => lastMessage ?? []),
    );
    return states.map((state) => (state.lastMessage === undefined ? state : { ...state, lastMessage: read.shift() }));
  }
}

export class GetConversations {
  constructor(
    private readonly reader: LogReader,
    private readonly states: ConversationStates,
  ) {}

  async execute(query: { actorId: string; conversationIds: readonly string[] }): Promise<ConversationState[]> {
    return this.states.of(query.actorId, await this.reader.memberships(query.actorId, query.conversationIds));
  }
}

export class ListConversations {
  constructor(
    private readonly reader: LogReader,
    private readonly states: ConversationStates,
  ) {}

  /** The cursor is the place of the last conversation of the page before: `<lastActivityAt>.<no>`. */
  async execute(query: {
    actorId: string;
    cursor: string;
    limit: number;
  }): Promise<{ items: ConversationState[]; nextCursor: string }> {
    const [at, no] = query.cursor.split('.').map(Number);
    const after =
      at === undefined || no === undefined || Number.isNaN(at + no) ? undefined : { lastActivityAt: at, no };
    const found = await this.reader.recentMemberships(query.actorId, after, query.limit + 1);
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: await this.states.of(query.actorId, page),
      nextCursor:
        found.length > query.limit && last !== undefined
          ? `${last.conversation.lastActivityAt}.${last.conversation.no}`
          : '',
    };
  }
}
