import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import type { Conversation, ConversationView, Member, MySettings } from '../domain/conversation.js';
import type { ConversationWrites, LoadedConversation } from '../domain/conversation-draft.js';
import type { NewConversation } from '../domain/creation.js';
import type { Invitation } from '../domain/invitation.js';

/** What a decision needs to see. */
export interface ConversationScope {
  userIds: readonly UserId[];
  /** An invitation's code. */
  invitation?: string;
}

/** One creation per creator and key. */
export interface CreationKey {
  creatorId: UserId;
  key: string;
  /** Of the request's content: the same key with another content is a conflict. */
  fingerprint: string;
}

export interface Creation {
  conversationId: ConversationId;
  refused: readonly UserId[];
  fingerprint: string;
}

export interface Decision<T, C> {
  result: T;
  changes: C;
}

/** Conversations, members and invitations. Every write leaves its facts in `PendingFacts`, in the same transaction. */
export abstract class ConversationStore {
  /**
   * Inserts all of it, or nothing when the conversation's id or the key is taken: then the answer is the creation of before.
   * Safe under races: of many at once with one key, one is inserted and all get its answer.
   */
  abstract create(made: NewConversation, refused: readonly UserId[], once?: CreationKey): Promise<Creation>;

  abstract findCreation(creatorId: UserId, key: string): Promise<Creation | undefined>;

  /**
   * ORDER: decisions on one conversation happen one after the other; `decide` sees what all before it wrote, and what it
   * answers is written in the same transaction. `decide` is pure and may run again. What it throws writes nothing.
   * @throws conversation.not_found
   */
  abstract change<T>(
    id: ConversationId,
    scope: ConversationScope,
    decide: (loaded: LoadedConversation) => Decision<T, ConversationWrites>,
  ): Promise<T>;

  /** What a decision would see, without deciding: nothing is locked or written. Undefined when there is no such conversation. */
  abstract look(id: ConversationId, scope: ConversationScope): Promise<LoadedConversation | undefined>;

  /** Existing ones, in the order asked, with the user's membership, visible or not. */
  abstract views(userId: UserId, ids: readonly ConversationId[]): Promise<ConversationView[]>;

  /** Open rooms that are not disbanded, by id downwards: `world` first, then the newest. */
  abstract openRooms(userId: UserId, page: PageRequest): Promise<Page<ConversationView>>;

  /** By role, then by the time of joining. */
  abstract members(id: ConversationId, page: PageRequest): Promise<Page<Member>>;

  /** Those of the users who are members, by id. At most 1,000 users. */
  abstract membersAmong(id: ConversationId, userIds: readonly UserId[]): Promise<Member[]>;

  /** Members whose nickname begins so, folded as `foldName` does; by nickname. */
  abstract membersByNickname(id: ConversationId, prefix: string, limit: number): Promise<Member[]>;

  abstract find(id: ConversationId): Promise<Conversation | undefined>;

  /** Fields that are not named stay. Undefined when not a member. */
  abstract setMySettings(
    id: ConversationId,
    userId: UserId,
    patch: Partial<MySettings>,
  ): Promise<MySettings | undefined>;

  /** All of a conversation, newest first. */
  abstract invitations(id: ConversationId): Promise<Invitation[]>;

  abstract findInvitation(code: string): Promise<Invitation | undefined>;
}
