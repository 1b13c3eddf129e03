import { type Observable, State } from '../observable.js';
import type { Rest } from '../ports.js';
import type { Replica } from '../store/replica.js';
import type { Patch } from '../store/shapes.js';
import type { MessageItem } from '../types.js';
import { type ItemKeys, itemOfMessage } from './items.js';

/** The pinned messages: asked for when somebody looks, and again when one changes. */
export class Pins implements Observable<readonly MessageItem[]> {
  readonly #state = new State<readonly MessageItem[]>([]);
  #wanted = false;
  #running: Promise<void> | undefined;
  #again = false;
  private life = 0;

  constructor(
    private readonly conversationId: string,
    private readonly parts: { rest: Rest; replica: Replica; keys: ItemKeys },
  ) {}

  get value(): readonly MessageItem[] {
    return this.#state.value;
  }

  subscribe(listener: (pins: readonly MessageItem[]) => void): () => void {
    if (!this.#wanted) {
      this.#wanted = true;
      void this.load();
    }
    return this.#state.subscribe(listener);
  }

  /** Whoever asks while it is asked for gets a later answer. Never rejects: pins are shown where they can be had. */
  async load(): Promise<void> {
    if (!this.#wanted) return;
    this.#again = this.#running !== undefined;
    this.#running ??= this.#loadNow().finally(() => {
      this.#running = undefined;
      if (this.#again) void this.load();
    });
    await this.#running;
  }

  take(patch: Patch): void {
    if (!this.#wanted) return;
    const ids = new Set(this.#state.value.map((pin) => pin.messageId));
    const concerns = patch.timelines?.some(
      ({ conversationId, changes = [] }) =>
        conversationId === this.conversationId &&
        changes.some((event) => event.type.endsWith('pinned') || ids.has(event.data['messageId'] as string)),
    );
    if (concerns === true || patch.resets?.includes(this.conversationId) === true) void this.load();
  }

  reset(): void {
    this.life++;
    this.#wanted = false;
    this.#state.set([]);
  }

  async #loadNow(): Promise<void> {
    const { rest, replica, keys } = this.parts;
    const { life } = this;
    const params = { conversationId: this.conversationId };
    try {
      const { items } = await rest.call('GET /conversations/{conversationId}/pins', { params });
      if (life === this.life) this.#state.set(items.map((message) => itemOfMessage(message, replica.me, keys)));
    } catch {
      // Next time.
    }
  }
}
