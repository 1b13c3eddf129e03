import type { Presence } from '../api.js';
import { type Observable, State } from '../observable.js';
import type { Clockwork, Realtime, Tabs } from '../ports.js';
import type { PresenceControl } from '../types.js';
import { PresenceWatch } from './presence-watch.js';

/** Rows of a list that scroll out and in again are not worth two commands. */
const LINGER_MS = 2000;

interface Entry {
  state: State<Presence | undefined>;
  watchers: number;
  stopLingering?: () => void;
}

export interface PresenceParts {
  realtime: Realtime;
  tabs: Tabs;
  clockwork: Clockwork;
}

/** Who is watched is counted by this tab; the leading tab joins what all tabs watch. */
export class SharedPresence implements PresenceControl {
  readonly #entries = new Map<string, Entry>();
  readonly #watch: PresenceWatch;
  readonly #stops: (() => void)[];
  #stopTimer: (() => void) | undefined;

  constructor(private readonly parts: PresenceParts) {
    const { realtime, tabs } = parts;
    this.#watch = new PresenceWatch(
      parts,
      (items) => {
        tabs.post('presence', items);
        this.#learn(items);
      },
      () => {
        tabs.post('presence:lost', {});
        this.forget();
      },
    );
    this.#stops = [
      realtime.on('presence:changed', (item) => this.#learn([item])),
      tabs.on('presence', (items: Presence[]) => this.#learn(items)),
      tabs.on('presence:lost', () => this.forget()),
      // A new leader knows nothing yet.
      tabs.leading.subscribe(() => this.#soon()),
      tabs.on('presence:who', () => this.#soon()),
    ];
  }

  of(userId: string): Observable<Presence | undefined> {
    const entry = this.#entries.get(userId) ?? { state: new State<Presence | undefined>(undefined), watchers: 0 };
    this.#entries.set(userId, entry);
    return {
      get value() {
        return entry.state.value;
      },
      subscribe: (listener) => {
        const stop = entry.state.subscribe(listener);
        this.#watching(userId, entry, 1);
        let stopped = false;
        return () => {
          if (stopped) return;
          stopped = true;
          stop();
          this.#watching(userId, entry, -1);
        };
      },
    };
  }

  /** Nobody is signed in any more, or nothing is known any more. */
  forget(): void {
    for (const entry of this.#entries.values()) entry.state.set(undefined);
  }

  close(): void {
    this.#stopTimer?.();
    for (const entry of this.#entries.values()) entry.stopLingering?.();
    for (const stop of this.#stops) stop();
    this.#watch.close();
  }

  #watching(userId: string, entry: Entry, by: 1 | -1): void {
    entry.watchers += by;
    entry.stopLingering?.();
    delete entry.stopLingering;
    // `of` may have been asked long before.
    this.#entries.set(userId, entry);
    if (entry.watchers > 0) {
      if (by === 1 && entry.watchers === 1) this.#soon();
      return;
    }
    entry.stopLingering = this.parts.clockwork.after(LINGER_MS, () => {
      this.#entries.delete(userId);
      entry.state.set(undefined);
      this.#soon();
    });
  }

  #learn(items: readonly Presence[]): void {
    for (const item of items) this.#entries.get(item.userId)?.state.set(item);
  }

  /** All changes of one moment at once. */
  #soon(): void {
    this.#stopTimer ??= this.parts.clockwork.after(0, () => {
      this.#stopTimer = undefined;
      const userIds = [...this.#entries]
        .filter(([, entry]) => entry.watchers > 0 || entry.stopLingering)
        .map(([userId]) => userId);
      this.parts.tabs.ask('presence:watch', { userIds }).catch(() => undefined);
    });
  }
}
