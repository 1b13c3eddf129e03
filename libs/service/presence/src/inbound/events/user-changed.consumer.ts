import { type EventLog, TOPICS } from '@parley/contracts';
import { identityEventsV1 } from '@parley/contracts/rpc';
import type { AnnounceProfiles } from '@parley/core-presence';
import { consume } from '@parley/platform';

/** New accounts have nothing to tell. DEDUPE: a repeat tells again what is known; it changes nothing. */
export function consumeUserChanged(log: EventLog, profiles: AnnounceProfiles): Promise<void> {
  return consume(log, {
    group: 'presence.profiles',
    topic: TOPICS.userChanged.name,
    decode: (value) => identityEventsV1.UserChanged.decode(value),
    handle: (changes) => profiles.execute(changes.filter(({ payloadJson }) => payloadJson !== '')),
  });
}
