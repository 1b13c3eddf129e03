import type { IdGenerator, UserId } from '@parley/kernel';
import type { Conversation, Member } from './conversation.js';
import type { Fact, FactBody } from './fact.js';
import type { Invitation } from './invitation.js';

/** What a decision about one conversation looks at, read under the conversation's lock. */
export interface LoadedConversation {
  conversation: Conversation;
  /** Those of the scope's users who are members. */
  members: readonly Member[];
  /** Who would follow the owner: the oldest admin, else the oldest member. Filled when the owner is in the scope. */
  successor?: Member;
  /** The one that the scope names, if it is of this conversation. */
  invitation?: Invitation;
  /** Mutes of those of the scope's users who left while muted. */
  keptMutes: ReadonlyMap<UserId, number>;
  /** The version in which those of the scope's users who were removed, and did not come back since, were. */
  removedIn: ReadonlyMap<UserId, number>;
  /** Counts the decisions on this conversation, this one included. */
  version: number;
}

/** What a decision writes, in one transaction. */
export interface ConversationWrites {
  conversation: Conversation;
  put: readonly Member[];
  drop: readonly UserId[];
  /** For those of `drop` who were muted: leaving and coming back does not lift a mute. New members of `put` have theirs back. */
  keepMutes: ReadonlyMap<UserId, number>;
  /** Those of `drop` who may not come back by themselves, as of this version. New members of `put` may again. */
  bar: readonly UserId[];
  invitation?: Invitation;
  revoked?: string;
  /** ORDER: as decided; they enter the log in this order, after those of earlier decisions. */
  facts: readonly Fact[];
}

/**
 * One decision in the making: verbs (membership.ts, governance.ts, …) look at it, write to it and record facts; nothing takes
 * effect before the store commits all of it. Only users of the scope may be looked at.
 */
export class ConversationDraft {
  conversation: Conversation;
  private readonly members: Map<UserId, Member>;
  private readonly put = new Map<UserId, Member>();
  private readonly dropped = new Set<UserId>();
  private readonly keepMutes = new Map<UserId, number>();
  private readonly barred = new Set<UserId>();
  private readonly facts: Fact[] = [];
  private invitationNow: Invitation | undefined;
  private revoked: string | undefined;

  constructor(
    private readonly loaded: LoadedConversation,
    readonly now: number,
    private readonly ids: IdGenerator,
  ) {
    this.conversation = loaded.conversation;
    this.members = new Map(loaded.members.map((member) => [member.userId, member]));
    this.invitationNow = loaded.invitation;
  }

  get successor(): Member | undefined {
    return this.loaded.successor;
  }

  get invitation(): Invitation | undefined {
    return this.invitationNow;
  }

  get version(): number {
    return this.loaded.version;
  }

  /** When somebody was removed, as a version; undefined for those who were not, or who are back. */
  removedIn(userId: UserId): number | undefined {
    return this.loaded.removedIn.get(userId);
  }

  member(userId: UserId): Member | undefined {
    return this.members.get(userId);
  }

  patch(change: Partial<Conversation>): void {
    this.conversation = { ...this.conversation, ...change };
  }

  /** 0 when there is none. */
  keptMute(userId: UserId): number {
    const until = this.loaded.keptMutes.get(userId) ?? 0;
    return until > this.now ? until : 0;
  }

  setMember(member: Member): void {
    // The successor is a member who may not have been loaded by name.
    const known = this.members.has(member.userId) || this.loaded.successor?.userId === member.userId;
    if (!known) this.patch({ memberCount: this.conversation.memberCount + 1 });
    this.members.set(member.userId, member);
    this.put.set(member.userId, member);
  }

  dropMember(userId: UserId): void {
    const mutedUntil = this.members.get(userId)?.mutedUntil ?? 0;
    if (mutedUntil > this.now) this.keepMutes.set(userId, mutedUntil);
    this.members.delete(userId);
    this.put.delete(userId);
    this.dropped.add(userId);
    this.patch({ memberCount: this.conversation.memberCount - 1 });
  }

  /** Of one who was dropped: the door is closed behind them. */
  bar(userId: UserId): void {
    this.barred.add(userId);
  }

  setInvitation(invitation: Invitation): void {
    this.invitationNow = invitation;
  }

  revokeInvitation(code: string): void {
    this.revoked = code;
  }

  record(actorId: UserId, body: FactBody): void {
    this.facts.push({ changeId: this.ids.next(), conversationId: this.conversation.id, actorId, body });
  }

  get changes(): ConversationWrites {
    return {
      conversation: this.conversation,
      put: [...this.put.values()],
      drop: [...this.dropped],
      keepMutes: this.keepMutes,
      bar: [...this.barred],
      ...(this.invitationNow === this.loaded.invitation || this.invitationNow === undefined
        ? {}
        : { invitation: this.invitationNow }),
      ...(this.revoked === undefined ? {} : { revoked: this.revoked }),
      facts: this.facts,
    };
  }
}
