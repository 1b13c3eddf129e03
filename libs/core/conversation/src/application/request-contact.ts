import type { UserId } from '@parley/kernel';
import type { ContactRequest } from '../domain/contact.js';
import { notWithOneself, requestNotFound } from '../domain/contact.errors.js';
import { userNotFound } from '../domain/conversation.errors.js';
import type { PairStore } from '../ports/pair-store.js';
import type { UserDirectory } from '../ports/user-directory.js';
import type { PairChanges } from './pair-changes.js';

/** Asking for contact and answering. */
export class RequestContact {
  constructor(
    private readonly pairs: PairStore,
    private readonly changes: PairChanges,
    private readonly users: UserDirectory,
  ) {}

  async ask(actorId: UserId, userId: UserId, greeting: string): Promise<ContactRequest> {
    if (actorId === userId) throw notWithOneself();
    if (!(await this.users.existing(actorId, [userId])).has(userId)) throw userNotFound();
    return this.changes.apply(actorId, userId, (pair) => pair.ask(actorId, greeting));
  }

  async answer(actorId: UserId, requestId: string, accept: boolean): Promise<ContactRequest> {
    const request = await this.pairs.findRequest(requestId);
    if (request?.to !== actorId) throw requestNotFound();
    return this.changes.apply(request.from, request.to, (pair) => pair.answer(requestId, actorId, accept));
  }
}
