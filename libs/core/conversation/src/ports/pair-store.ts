import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import type { Contact, ContactRequest } from '../domain/contact.js';
import type { Pair } from '../domain/conversation.js';
import type { LoadedPair, PairWrites } from '../domain/user-pair.js';
import type { Decision } from './conversation-store.js';

/** What users have with each other: contacts, requests, blocks, direct conversations. */
export abstract class PairStore {
  /**
   * ORDER: decisions on one pair happen one after the other, whoever of the two acts and in whatever order they are named.
   * Events go to the event log after the commit, at least once. Otherwise as `ConversationStore.change`.
   */
  abstract change<T>(pair: Pair, decide: (loaded: LoadedPair) => Decision<T, PairWrites>): Promise<T>;

  abstract findDirect(pair: Pair): Promise<ConversationId | undefined>;

  /** By peer id. */
  abstract contacts(userId: UserId, page: PageRequest): Promise<Page<Contact>>;

  /** Newest first. Those to me from users whom I block are left out. */
  abstract requests(userId: UserId, direction: 'in' | 'out', page: PageRequest): Promise<Page<ContactRequest>>;

  abstract findRequest(id: string): Promise<ContactRequest | undefined>;

  /** By id. */
  abstract blocked(userId: UserId, page: PageRequest): Promise<Page<UserId>>;

  /** Those of the users who block `userId`. */
  abstract blockersAmong(userIds: readonly UserId[], userId: UserId): Promise<Set<UserId>>;

  /** Those of the users who share a contact, a direct conversation or a living group with `userId`, without a block in either direction. */
  abstract acquaintancesAmong(userIds: readonly UserId[], userId: UserId): Promise<Set<UserId>>;
}
