import type { ConversationRow, MemberRow } from '@parley/core-message';
import type { Place } from '../appended.js';

export interface StoredConversation extends ConversationRow {
  /** The commit that touched it last; slot -1 before the first. */
  writtenBy: Place;
}

interface Known {
  no: number;
  writtenBy: Place;
  /** As of that commit, but for their cursors. */
  members: Map<string, MemberRow>;
}

const MAX_CONVERSATIONS = 20_000;
/** Of a large conversation only so many are kept: those who write in it. */
const MAX_MEMBERS = 200;

/**
 * What this writer has read before, so that a send reads no member again. Nothing is believed that the locked row of the
 * conversation does not confirm: every commit that changes who may do what, or what a member has sent, leaves its mark there.
 * Cursors move without a mark, so they are never taken from here.
 */
export class KnownConversations {
  private readonly known = new Map<string, Known>();

  /** Numbers of conversations never change. */
  noOf(conversationId: string): number | undefined {
    return this.known.get(conversationId)?.no;
  }

  /** Whether the member could be known; only the locked row tells whether it is. */
  hasMember(conversationId: string, userId: string): boolean {
    return this.known.get(conversationId)?.members.has(userId) === true;
  }

  /** A copy, or undefined where another commit came in between. */
  member(conversation: StoredConversation, userId: string): MemberRow | undefined {
    const known = this.known.get(conversation.conversationId);
    if (known === undefined || !isSame(known.writtenBy, conversation.writtenBy)) return undefined;
    const row = known.members.get(userId);
    return row && { ...row };
  }

  noteNo(conversationId: string, no: number): void {
    this.keep(conversationId, { no, writtenBy: { slot: -1, commitNo: 0 }, members: new Map() });
  }

  /**
   * After a commit of this writer.
   * @param writtenBy the commit that is now the conversation's last.
   */
  note(conversation: StoredConversation, writtenBy: Place, members: Iterable<MemberRow>): void {
    const before = this.known.get(conversation.conversationId);
    const kept = before !== undefined && isSame(before.writtenBy, conversation.writtenBy) ? before.members : new Map();
    for (const row of members) kept.set(row.userId, row);
    if (kept.size > MAX_MEMBERS) kept.clear();
    this.keep(conversation.conversationId, { no: conversation.no, writtenBy, members: kept });
  }

  clear(): void {
    this.known.clear();
  }

  private keep(conversationId: string, known: Known): void {
    this.known.delete(conversationId);
    this.known.set(conversationId, known);
    if (this.known.size > MAX_CONVERSATIONS) this.known.delete(this.known.keys().next().value as string);
  }
}

function isSame(a: Place, b: Place): boolean {
  return a.slot === b.slot && a.commitNo === b.commitNo;
}
