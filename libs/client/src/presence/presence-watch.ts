import type { Presence } from '../api.js';
import type { PresenceParts } from './presence.js';

/** In one command; the server watches 1,000 in all. */
const AT_ONCE = 500;
const AT_MOST = 1000;
const AGAIN_MS = 3000;
/** Without a connection for this long, nobody knows who is online. */
const UNKNOWN_AFTER_MS = 5000;

/** On the leading tab: what all tabs together watch, as the server knows it. */
export class PresenceWatch {
  readonly #interests = new Map<string, readonly string[]>();
  /** What the present connection has been asked for. */
  private watched = new Set<string>();
  #working = false;
  #again = false;
  #stopTimer = () => {};
  #stopLosing = () => {};
  readonly #stops: (() => void)[];

  constructor(
    private readonly parts: PresenceParts,
    private readonly learned: (items: readonly Presence[]) => void,
    private readonly lost: () => void,
  ) {
    const { realtime, tabs } = parts;
    tabs.answer('presence:watch', async ({ userIds }: { userIds: readonly string[] }, tab) => {
      this.#interests.set(tab, userIds);
      this.#work();
    });
    this.#stops = [
      tabs.onGone((tab) => {
        if (this.#interests.delete(tab)) this.#work();
      }),
      tabs.leading.subscribe((leads) => {
        this.#interests.clear();
        this.watched.clear();
        if (leads) tabs.post('presence:who', {});
      }),
      realtime.connection.subscribe(() => {
        this.watched = new Set();
        this.#stopLosing();
        if (realtime.connection.value === undefined) {
          if (tabs.leading.value) this.#stopLosing = parts.clockwork.after(UNKNOWN_AFTER_MS, this.lost);
        } else this.#work();
      }),
    ];
  }

  close(): void {
    this.#stopTimer();
    this.#stopLosing();
    for (const stop of this.#stops) stop();
  }

  #work(): void {
    this.#again = true;
    if (this.#working) return;
    this.#working = true;
    void this.#catchUp().finally(() => (this.#working = false));
  }

  async #catchUp(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#round();
      } catch {
        // Without a connection the next one asks anew.
        if (this.parts.realtime.connection.value === undefined) return;
        this.#stopTimer();
        this.#stopTimer = this.parts.clockwork.after(AGAIN_MS, () => this.#work());
        return;
      }
    }
  }

  async #round(): Promise<void> {
    const { realtime } = this.parts;
    if (realtime.connection.value === undefined) return;
    const { watched } = this;
    const wanted = new Set([...this.#interests.values()].flat().slice(0, AT_MOST));
    for (const userIds of chunks([...watched].filter((userId) => !wanted.has(userId)))) {
      await realtime.command('presence:unsubscribe', { userIds });
      for (const userId of userIds) watched.delete(userId);
    }
    for (const userIds of chunks([...wanted].filter((userId) => !watched.has(userId)))) {
      const { items } = await realtime.command('presence:subscribe', { userIds });
      for (const userId of userIds) watched.add(userId);
      this.learned(items);
    }
  }
}

function* chunks(userIds: readonly string[]): Generator<string[]> {
  for (let at = 0; at < userIds.length; at += AT_ONCE) yield userIds.slice(at, at + AT_ONCE);
}
