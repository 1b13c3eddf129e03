import type { UserId } from '@parley/kernel';
import type { Contact, ContactPatch } from '../domain/contact.js';
import { contactNotFound } from '../domain/contact.errors.js';
import type { PairChanges } from './pair-changes.js';

export class KeepContacts {
  constructor(private readonly changes: PairChanges) {}

  async update(actorId: UserId, userId: UserId, patch: ContactPatch): Promise<Contact> {
    if (actorId === userId) throw contactNotFound();
    return this.changes.apply(actorId, userId, (pair) => pair.updateContact(actorId, patch));
  }

  /** On both sides. The direct conversation stays. */
  async remove(actorId: UserId, userId: UserId): Promise<void> {
    if (actorId === userId) throw contactNotFound();
    await this.changes.apply(actorId, userId, (pair) => pair.removeContact(actorId));
  }
}
