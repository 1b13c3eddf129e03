import { type EventLog, TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import type { AnnounceToOwner } from '@parley/core-delivery';
import { consume } from '@parley/platform';

/** DEDUPE: a repeat tells the user's sessions settings again that later ones follow. ORDER: by user, as they were written. */
export function consumeSettingsChanged(log: EventLog, announce: AnnounceToOwner): Promise<void> {
  return consume(log, {
    group: 'delivery.settings',
    topic: TOPICS.settingsChanged.name,
    decode: (value) => conversationEventsV1.SettingsChanged.decode(value),
    handle: (changes) => announce.execute('conversation:settings', changes),
  });
}
