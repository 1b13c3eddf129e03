import { type EventLog, TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import type { WatchUsers } from '@parley/core-presence';
import { consume } from '@parley/platform';

/** After these, two users may no longer see each other. */
const PARTING: ReadonlySet<string> = new Set(['blocked', 'removed']);

/** Ends watches that are no longer allowed. DEDUPE: each change is judged by what is true when it is handled. */
export function consumeContactChanged(log: EventLog, watches: WatchUsers): Promise<void> {
  return consume(log, {
    group: 'presence.watches',
    topic: TOPICS.contactChanged.name,
    decode: (value) => conversationEventsV1.ContactChanged.decode(value),
    handle: async (changes) => {
      for (const { userId, peerId, change } of changes) if (PARTING.has(change)) await watches.recheck(userId, peerId);
    },
  });
}
