import type { Clockwork } from '../ports.js';

/** A channel to the other tabs; a BroadcastChannel. */
export interface Channel {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

/** The part of `navigator.locks` (https://w3c.github.io/web-locks/) that is used. */
export interface Locks {
  request(
    name: string,
    options: { signal?: AbortSignal; steal?: boolean },
    work: () => Promise<void>,
  ): Promise<unknown>;
}

/** What happens to the page or the machine. `wake`: it may have slept, or is on the screen again. `hide`: it is frozen or left. */
export type PlaceEvent = 'online' | 'offline' | 'wake' | 'hide' | 'show';

/** The place the client runs in. Everything that is global is asked for here, when it is needed: importing the SDK touches nothing. */
export interface Platform {
  clockwork: Clockwork;
  fetch: typeof fetch;
  /** The page's own origin. */
  origin: string | undefined;
  language: string | undefined;
  locks: Locks | undefined;
  channel: ((name: string) => Channel) | undefined;
  hasIndexedDb: boolean;
  /** Of several tabs, somebody looks at this one. True where there is no page. */
  visible(): boolean;
  /** False only where the machine is sure to have no network. */
  online(): boolean;
  on(listener: (event: PlaceEvent) => void): () => void;
}

export const systemClockwork: Clockwork = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  uuid: () => globalThis.crypto.randomUUID?.() ?? uuidOfRandomBytes(),
};

/** `randomUUID` is missing on pages that came over plain http. */
function uuidOfRandomBytes(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function thisPlatform(): Platform {
  const page = typeof document === 'undefined' ? undefined : document;
  const navigator = globalThis.navigator as Navigator | undefined;
  return {
    clockwork: systemClockwork,
    fetch: (input, init) => globalThis.fetch(input, init),
    origin: page === undefined ? undefined : globalThis.location?.origin,
    language: navigator?.language,
    locks: (navigator as { locks?: Locks } | undefined)?.locks,
    channel: typeof BroadcastChannel === 'undefined' ? undefined : openChannel,
    hasIndexedDb: typeof indexedDB !== 'undefined',
    visible: () => page === undefined || page.visibilityState === 'visible',
    // Node has a navigator that knows nothing of the network.
    online: () => page === undefined || navigator?.onLine !== false,
    on: (listener) => (page === undefined ? () => undefined : listenToPage(page, listener)),
  };
}

function openChannel(name: string): Channel {
  const channel = new BroadcastChannel(name);
  // In Node an open channel would keep the process alive.
  (channel as { unref?: () => void }).unref?.();
  return channel as unknown as Channel;
}

function listenToPage(page: Document, listener: (event: PlaceEvent) => void): () => void {
  const stops: (() => void)[] = [];
  const listen = (target: EventTarget, name: string, event: () => PlaceEvent | undefined) => {
    const handle = () => {
      const what = event();
      if (what !== undefined) listener(what);
    };
    target.addEventListener(name, handle);
    stops.push(() => target.removeEventListener(name, handle));
  };
  listen(globalThis, 'online', () => 'online');
  listen(globalThis, 'offline', () => 'offline');
  listen(globalThis, 'pageshow', () => 'show');
  listen(globalThis, 'pagehide', () => 'hide');
  // https://wicg.github.io/page-lifecycle/
  listen(page, 'freeze', () => 'hide');
  listen(page, 'resume', () => 'show');
  listen(page, 'visibilitychange', () => (page.visibilityState === 'visible' ? 'wake' : undefined));
  return () => {
    for (const stop of stops) stop();
  };
}
