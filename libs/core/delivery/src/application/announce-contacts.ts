import { toUsers } from '../domain/outgoing.js';
import type { Dispatcher } from './dispatcher.js';

export interface ContactChanged {
  /** Whose list changed. */
  userId: string;
  peerId: string;
  change: string;
  /** What else the event says, as a JSON object; empty for nothing. */
  payloadJson: string;
}

/** Tells a user's sessions that their contacts, requests or blocks changed. */
export class AnnounceContacts {
  constructor(private readonly dispatcher: Dispatcher) {}

  async execute(changes: readonly ContactChanged[]): Promise<void> {
    await this.dispatcher.dispatch(
      changes.map((change) => toUsers([change.userId], 'contact:changed', contactPayload(change))),
    );
  }
}

function contactPayload({ change, peerId, payloadJson }: ContactChanged): string {
  const head = `"change":${JSON.stringify(change)},"userId":${JSON.stringify(peerId)}`;
  const more = payloadJson.trim().replace(/^\{\s*|\s*\}$/g, '');
  return more === '' ? `{${head}}` : `{${head},${more}}`;
}
