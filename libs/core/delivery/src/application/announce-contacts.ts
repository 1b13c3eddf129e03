import { toUsers } from '../domain/outgoing.js';
import type { Dispatcher } from './dispatcher.js';

export interface ContactChanged {
  /** Whose list changed. */
  userId: string;
  /** The event's payload, as JSON. */
  payloadJson: string;
}

/** Tells a user's sessions that their contacts, requests or blocks changed. */
export class AnnounceContacts {
  constructor(private readonly dispatcher: Dispatcher) {}

  async execute(changes: readonly ContactChanged[]): Promise<void> {
    await this.dispatcher.dispatch(
      changes.map((change) => toUsers([change.userId], 'contact:changed', change.payloadJson)),
    );
  }
}
