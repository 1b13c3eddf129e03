import type { Channel, Locks, PlaceEvent, Platform } from '../platform/platform.js';
import { FakeClockwork } from './fake-clockwork.js';

interface Request {
  tab: number;
  work: () => Promise<void>;
  granted: () => void;
  refused: (error: Error) => void;
}

/** Tabs of one origin: their locks and channels, as the specifications have them. */
export class FakeBrowser {
  readonly clockwork = new FakeClockwork();
  private readonly holders = new Map<string, Request>();
  private readonly queues = new Map<string, Request[]>();
  private readonly channels = new Set<{ tab: number; name: string; channel: Channel }>();
  private readonly listeners = new Map<number, Set<(event: PlaceEvent) => void>>();
  private readonly frozen = new Set<number>();
  private readonly hidden = new Set<number>();

  tab(tab: number): Platform & { locks: Locks; channel: (name: string) => Channel } {
    return {
      clockwork: this.clockwork,
      fetch: () => Promise.reject(new TypeError('no network')),
      origin: 'https://chat.example.org',
      language: 'en',
      hasIndexedDb: false,
      locks: { request: (name, options, work) => this.request(tab, name, options, work) },
      channel: (name) => this.open(tab, name),
      visible: () => !this.hidden.has(tab),
      online: () => true,
      on: (listener) => {
        const all = this.listeners.get(tab) ?? new Set();
        this.listeners.set(tab, all.add(listener));
        return () => void all.delete(listener);
      },
    };
  }

  tell(tab: number, event: PlaceEvent): void {
    for (const listener of [...(this.listeners.get(tab) ?? [])]) listener(event);
  }

  /** It hears and says nothing, and keeps what it holds. */
  freeze(tab: number): void {
    this.frozen.add(tab);
    this.hidden.add(tab);
  }

  /** As a crash: nothing is said, what it held is free. */
  crash(tab: number): void {
    this.frozen.add(tab);
    for (const [name, queue] of this.queues)
      this.queues.set(
        name,
        queue.filter((one) => one.tab !== tab),
      );
    for (const [name, holder] of [...this.holders]) if (holder.tab === tab) this.free(name, holder);
  }

  private request(
    tab: number,
    name: string,
    { signal, steal }: { signal?: AbortSignal; steal?: boolean },
    work: () => Promise<void>,
  ): Promise<void> {
    return new Promise((granted, refused) => {
      const request: Request = { tab, work, granted, refused };
      if (steal === true) {
        const before = this.holders.get(name);
        this.holders.delete(name);
        before?.refused(new Error('stolen'));
        return this.grant(name, request);
      }
      const queue = this.queues.get(name) ?? [];
      this.queues.set(name, [...queue, request]);
      signal?.addEventListener('abort', () => {
        const waiting = this.queues.get(name) ?? [];
        if (!waiting.includes(request)) return;
        this.queues.set(
          name,
          waiting.filter((one) => one !== request),
        );
        refused(new Error('called off'));
      });
      this.next(name);
    });
  }

  private next(name: string): void {
    if (this.holders.has(name)) return;
    const [request, ...rest] = this.queues.get(name) ?? [];
    if (request === undefined) return;
    this.queues.set(name, rest);
    this.grant(name, request);
  }

  private grant(name: string, request: Request): void {
    this.holders.set(name, request);
    void Promise.resolve()
      .then(request.work)
      .finally(() => {
        this.free(name, request);
        request.granted();
      });
  }

  private free(name: string, request: Request): void {
    if (this.holders.get(name) !== request) return;
    this.holders.delete(name);
    this.next(name);
  }

  private open(tab: number, name: string): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage: (message) => {
        if (this.frozen.has(tab)) return;
        const data = structuredClone(message);
        for (const other of this.channels)
          if (other.channel !== channel && other.name === name && !this.frozen.has(other.tab))
            queueMicrotask(() => other.channel.onmessage?.({ data }));
      },
      close: () => void this.channels.delete(entry),
    };
    const entry = { tab, name, channel };
    this.channels.add(entry);
    return channel;
  }
}
