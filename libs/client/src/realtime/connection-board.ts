import { fromPlain, type PlainError, toPlain } from '../error-answers.js';
import { type Observable, State } from '../observable.js';
import type { Tabs } from '../ports.js';
import type { ConnectionState } from '../types.js';
import type { LinkStatus } from './connector.js';

type Told = Omit<ConnectionState, 'waiting' | 'error'> & { error?: PlainError };

export interface BoardParts {
  tabs: Tabs;
  link: Observable<LinkStatus>;
  caughtUp: Observable<boolean>;
  waiting: Observable<number>;
}

/** What people are shown of the connection: known on the leading tab, told to the others. */
export class ConnectionBoard implements Observable<ConnectionState> {
  readonly #state = new State<ConnectionState>({ status: 'idle', waiting: 0 });
  readonly #stops: (() => void)[];

  constructor(private readonly parts: BoardParts) {
    const { tabs, link, caughtUp, waiting } = parts;
    const look = () => this.#look();
    this.#stops = [
      tabs.leading.subscribe(look),
      link.subscribe(look),
      caughtUp.subscribe(look),
      waiting.subscribe((count) => this.#state.update((state) => ({ ...state, waiting: count }))),
      tabs.on('connection', (told: Told) => {
        if (!tabs.leading.value) this.#show(told);
      }),
    ];
    tabs.answer('connection', async () => this.#told());
    if (tabs.leading.value) this.#look();
    // Later changes are told without being asked.
    else
      void tabs.ask<Told>('connection', {}).then(
        (told) => {
          if (!tabs.leading.value) this.#show(told);
        },
        () => undefined,
      );
  }

  get value(): ConnectionState {
    return this.#state.value;
  }

  subscribe(listener: (value: ConnectionState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #look(): void {
    const { tabs, link, caughtUp } = this.parts;
    if (!tabs.leading.value) return;
    const { value } = link;
    if (value.status === 'connected') this.#set({ status: caughtUp.value ? 'online' : 'syncing' });
    else if (value.status === 'offline') this.#set(value);
    else this.#set({ status: value.status === 'idle' ? 'idle' : 'connecting' });
  }

  #set(own: Omit<ConnectionState, 'waiting'>): void {
    this.#state.set({ ...own, waiting: this.parts.waiting.value });
    this.parts.tabs.post('connection', this.#told());
  }

  #told(): Told {
    const { status, retryAt, error } = this.#state.value;
    return {
      status,
      ...(retryAt === undefined ? {} : { retryAt }),
      ...(error === undefined ? {} : { error: toPlain(error) }),
    };
  }

  #show({ error, ...told }: Told): void {
    this.#state.set({
      ...told,
      ...(error === undefined ? {} : { error: fromPlain(error) }),
      waiting: this.parts.waiting.value,
    });
  }
}
