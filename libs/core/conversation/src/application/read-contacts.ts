import type { Page, PageRequest, UserId } from '@parley/kernel';
import type { Contact, ContactRequest } from '../domain/contact.js';
import type { PairStore } from '../ports/pair-store.js';

/** One's own lists, and whom one may see. */
export class ReadContacts {
  constructor(private readonly pairs: PairStore) {}

  contacts(actorId: UserId, page: PageRequest): Promise<Page<Contact>> {
    return this.pairs.contacts(actorId, page);
  }

  requests(actorId: UserId, direction: 'in' | 'out', page: PageRequest): Promise<Page<ContactRequest>> {
    return this.pairs.requests(actorId, direction, page);
  }

  blocks(actorId: UserId, page: PageRequest): Promise<Page<UserId>> {
    return this.pairs.blocked(actorId, page);
  }

  /** Whose presence the user may see: their own, and that of contacts, of partners of direct conversations and of members of common groups, unless one blocks the other. */
  async visible(actorId: UserId, userIds: readonly UserId[]): Promise<UserId[]> {
    const others = userIds.filter((userId) => userId !== actorId);
    const known = await this.pairs.acquaintancesAmong(others, actorId);
    return userIds.filter((userId) => userId === actorId || known.has(userId));
  }
}
