import { type conversationEvents, type PayloadOf, TOPICS } from '@parley/contracts';
import { conversationEventsV1 } from '@parley/contracts/rpc';
import type { MySettings } from '@parley/core-conversation';
import type { ConversationId, UserId } from '@parley/kernel';
import type { Outbox } from '@parley/platform';
import type { EntityManager } from 'typeorm';

/** A user's settings on their way to their other devices. ORDER: appended in the transaction that writes them. */
export class SettingsFeed {
  constructor(private readonly outbox: Outbox) {}

  append(tx: EntityManager, userId: UserId, conversationId: ConversationId, settings: MySettings): Promise<void> {
    const payload: PayloadOf<typeof conversationEvents.settings> = { conversationId, settings };
    const value = conversationEventsV1.SettingsChanged.encode({
      userId,
      payloadJson: JSON.stringify(payload),
    }).finish();
    return this.outbox.append(tx, [{ topic: TOPICS.settingsChanged.name, key: userId, value }]);
  }

  /** After the commit. Nobody waits for it: what fails here the outbox repeats. */
  publish(): void {
    this.outbox.flush().catch(() => undefined);
  }
}
