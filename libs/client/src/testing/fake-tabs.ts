import { Alone } from '../tabs/alone.js';
import { State } from '../observable.js';
import type { Clockwork, Tabs } from '../ports.js';

type Listener = (body: never, fromTab: string) => void;
type Handler = (input: never, fromTab: string) => Promise<unknown>;

/** Tabs of one browser in one process. What they say to each other are copies, and takes a moment. */
export class FakeTabs implements Tabs {
  readonly leading = new State(false);
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly handlers = new Map<string, Handler>();
  private readonly goneListeners = new Set<(tab: string) => void>();

  private constructor(
    readonly id: string,
    private readonly all: FakeTabs[],
  ) {
    all.push(this);
  }

  /** The first leads. */
  static open(count: number): FakeTabs[] {
    const all: FakeTabs[] = [];
    for (let n = 0; n < count; n++) new FakeTabs(`tab-${n}`, all);
    all[0]?.leading.set(true);
    return all;
  }

  static alone(clockwork: Clockwork): Tabs {
    return new Alone(clockwork);
  }

  post(kind: string, body: unknown): void {
    const copy: unknown = structuredClone(body);
    for (const tab of this.all) if (tab !== this) queueMicrotask(() => tab.hear(kind, copy, this.id));
  }

  on(kind: string, listener: Listener): () => void {
    const known = this.listeners.get(kind) ?? new Set();
    this.listeners.set(kind, known.add(listener));
    return () => void known.delete(listener);
  }

  async ask<T>(method: string, input: unknown): Promise<T> {
    const leader = this.all.find((tab) => tab.leading.value) ?? this;
    const answer = await leader.handlers.get(method)?.(structuredClone(input) as never, this.id);
    return structuredClone(answer) as T;
  }

  answer(method: string, handler: Handler): void {
    this.handlers.set(method, handler);
  }

  onGone(listener: (tab: string) => void): () => void {
    this.goneListeners.add(listener);
    return () => void this.goneListeners.delete(listener);
  }

  /** Another one leads from now on. Both believe so for a moment where `both` is said. */
  handOver(to: FakeTabs, both = false): void {
    if (!both) for (const tab of this.all) if (tab !== to) tab.leading.set(false);
    to.leading.set(true);
  }

  private hear(kind: string, body: unknown, from: string): void {
    for (const listener of this.listeners.get(kind) ?? []) listener(body as never, from);
  }
}
