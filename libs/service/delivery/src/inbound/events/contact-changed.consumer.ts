import { type EventLog, TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import type { AnnounceToOwner } from '@parley/core-delivery';
import { consume } from '@parley/platform';

/** DEDUPE: a repeat tells the user's sessions again what they know; it changes nothing. */
export function consumeContactChanged(log: EventLog, announce: AnnounceToOwner): Promise<void> {
  return consume(log, {
    group: 'delivery.contacts',
    topic: TOPICS.contactChanged.name,
    decode: (value) => conversationEventsV1.ContactChanged.decode(value),
    handle: (changes) => announce.execute('contact:changed', changes),
  });
}
