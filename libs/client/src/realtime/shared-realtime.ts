import type { CommandInput, CommandName, CommandOutput, EventName, EventPayload } from '../api.js';
import type { Observable } from '../observable.js';
import type { Realtime, Tabs } from '../ports.js';
import type { Session } from '../session/session.js';
import type { Connector } from './connector.js';
import { COMMAND_WITHIN_MS } from './link.js';

interface Told {
  name: EventName;
  payload: unknown;
}

interface Asked {
  name: CommandName;
  input: never;
  timeoutMs: number;
}

/** A question to the leader may have to wait for its answer a little longer than the leader waits. */
const ON_THE_WAY_MS = 2000;

/** The one connection of all tabs, as each tab sees it. */
export class SharedRealtime implements Realtime {
  readonly connection: Observable<number | undefined>;
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();
  readonly #stops: (() => void)[];

  constructor(
    private readonly connector: Connector,
    private readonly tabs: Tabs,
    session: Session,
  ) {
    this.connection = connector.connection;
    tabs.answer('command', ({ name, input, timeoutMs }: Asked) => connector.command(name, input, timeoutMs));
    tabs.answer('reconnect', async () => connector.reconnect());
    const wanted = () => {
      if (tabs.leading.value && session.value.status === 'signed-in') connector.start();
      else connector.stop();
    };
    this.#stops = [
      tabs.on('event', ({ name, payload }: Told) => {
        if (!tabs.leading.value) this.#deliver(name, payload);
      }),
      tabs.leading.subscribe(wanted),
      session.subscribe(wanted),
    ];
    wanted();
  }

  /** What came in on the connection. */
  received(name: EventName, payload: unknown): void {
    this.tabs.post('event', { name, payload });
    this.#deliver(name, payload);
  }

  command<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    { timeoutMs = COMMAND_WITHIN_MS }: { timeoutMs?: number } = {},
  ): Promise<CommandOutput<N>> {
    if (this.tabs.leading.value) return this.connector.command(name, input, timeoutMs);
    return this.tabs.ask('command', { name, input, timeoutMs }, { timeoutMs: timeoutMs + ON_THE_WAY_MS });
  }

  reconnect(): void {
    this.tabs.ask('reconnect', {}).catch(() => {
      // Nobody leads: the next one connects at once.
    });
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const all = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, all.add(listener));
    return () => void all.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.connector.stop();
  }

  #deliver(name: EventName, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      try {
        listener(payload as never);
      } catch (error) {
        // One listener's fault is not the next one's loss.
        reportLater(error);
      }
  }
}

function reportLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
