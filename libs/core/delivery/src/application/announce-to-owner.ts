import { toUsers } from '../domain/outgoing.js';
import type { Dispatcher } from './dispatcher.js';

export interface OwnChange {
  /** Whose list or settings changed. */
  userId: string;
  /** The event's payload, as JSON. */
  payloadJson: string;
}

/** Tells a user's sessions what changed that is theirs alone: contacts, requests and blocks, settings of a conversation. */
export class AnnounceToOwner {
  constructor(private readonly dispatcher: Dispatcher) {}

  async execute(event: 'contact:changed' | 'conversation:settings', changes: readonly OwnChange[]): Promise<void> {
    await this.dispatcher.dispatch(changes.map((change) => toUsers([change.userId], event, change.payloadJson)));
  }
}
