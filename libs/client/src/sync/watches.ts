import type { Realtime, Tabs } from '../ports.js';
import type { Replica } from '../store/replica.js';
import type { Filler } from './filler.js';

/** How many conversations of one socket the server pushes by subscription. */
const AT_ONCE = 100;

/** On the leader: large conversations are pushed only while they are on the screen of some tab. */
export class Watches {
  /** Tabs by what they look at. */
  readonly #watchers = new Map<string, Set<string>>();
  #connected = false;

  constructor(
    private readonly realtime: Realtime,
    private readonly replica: Replica,
    private readonly filler: Filler,
    tabs: Tabs,
  ) {
    tabs.onGone((tab) => {
      for (const conversationId of [...this.#watchers.keys()]) this.set(conversationId, tab, false);
    });
  }

  stop(): void {
    this.#connected = false;
    this.#watchers.clear();
  }

  /** A new connection knows of none. Before `sync`, so that nothing falls in between. */
  connect(connected: boolean): void {
    this.#connected = connected;
    if (connected)
      for (const conversationId of [...this.#watchers.keys()].slice(0, AT_ONCE)) this.#tell(conversationId, true);
  }

  set(conversationId: string, tab: string, on: boolean): void {
    const known = this.#watchers.get(conversationId) ?? new Set();
    const before = known.size;
    if (on) known.add(tab);
    else known.delete(tab);
    if (known.size === 0) this.#watchers.delete(conversationId);
    else this.#watchers.set(conversationId, known);
    if (before === 0 && known.size > 0) this.#tell(conversationId, true);
    if (before > 0 && known.size === 0) this.#tell(conversationId, false);
  }

  #tell(conversationId: string, on: boolean): void {
    const record = this.replica.records.get(conversationId);
    if (!this.#connected || record?.state.tier.push !== 'subscribed') return;
    this.realtime.command(on ? 'conversation:subscribe' : 'conversation:unsubscribe', { conversationId }).then(
      () => (on ? this.filler.fill(conversationId, 0) : undefined),
      () => {
        // The connection is gone, or I am no longer in it: the next connection asks again for what is still looked at.
      },
    );
  }
}
