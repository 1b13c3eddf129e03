import type { Clock, IdGenerator } from '@parley/kernel';
import { WORLD } from '../domain/conversation.js';
import { foundWorld } from '../domain/creation.js';
import type { ConversationStore } from '../ports/conversation-store.js';

/** Makes the room `world` when it is not there. Its creation enters the log by the sweep: at start-up the message service may not answer yet. */
export class EnsureWorld {
  constructor(
    private readonly store: ConversationStore,
    private readonly clock: Clock,
    private readonly ids: IdGenerator,
  ) {}

  async execute(): Promise<void> {
    if ((await this.store.find(WORLD)) !== undefined) return;
    await this.store.create(foundWorld({ now: this.clock.now(), ids: this.ids }), []);
  }
}
