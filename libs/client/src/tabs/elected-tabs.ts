import { fromPlain, isPlainError, toPlain } from '../error-answers.js';
import { type ErrorMaker, ParleyError } from '../errors.js';
import type { Observable } from '../observable.js';
import type { Channel, Locks, Platform } from '../platform/platform.js';
import type { Tabs } from '../ports.js';
import { Election } from './election.js';
import type { TabMessage } from './messages.js';

const ANSWER_WITHIN_MS = 10_000;
/** A leader that has not even heard by then is frozen: a tab that somebody looks at takes over. */
const HEARD_WITHIN_MS = 2000;

type Handler = (input: never, fromTab: string) => Promise<unknown>;
type Sent<T = TabMessage> = T extends TabMessage ? Omit<T, 'from'> : never;

interface Question {
  method: string;
  input: unknown;
  heard: boolean;
  /** Asked of this tab itself, as it led. */
  mine: boolean;
  settle(result: { data: unknown } | { error: Error }): void;
}

/** Several tabs over Web Locks (who leads, who is alive) and a BroadcastChannel (what they say). */
export class ElectedTabs implements Tabs {
  readonly id: string;
  readonly leading: Observable<boolean>;
  readonly #election: Election;
  readonly #channel: Channel;
  readonly #locks: Locks;
  readonly #listeners = new Map<string, Set<(body: never, fromTab: string) => void>>();
  readonly #handlers = new Map<string, Handler>();
  readonly #questions = new Map<string, Question>();
  readonly #goneListeners = new Set<(tab: string) => void>();
  readonly #watched = new Map<string, AbortController>();
  #letGo = () => {};
  #closed = false;

  constructor(
    private readonly platform: Platform & Required<Pick<Platform, 'channel' | 'locks'>>,
    private readonly name: string,
    private readonly errors: ErrorMaker,
  ) {
    this.id = platform.clockwork.uuid();
    this.#locks = platform.locks as Locks;
    this.#channel = (platform.channel as (name: string) => Channel)(name);
    this.#channel.onmessage = ({ data }) => this.#take(data as TabMessage);
    // Held as long as this tab lives. Who gets it knows that the tab is gone.
    void this.#locks
      .request(this.#lockOf(this.id), {}, () => new Promise((resolve) => (this.#letGo = resolve)))
      .catch(() => {});
    this.#election = new Election(this.#locks, `${name}:leader`, platform);
    this.leading = this.#election.leading;
    this.leading.subscribe((leads) => (leads ? this.#lead() : this.#follow()));
    this.#send({ is: 'here' });
  }

  post(kind: string, body: unknown): void {
    this.#send({ is: 'post', kind, body });
  }

  on(kind: string, listener: (body: never, fromTab: string) => void): () => void {
    const all = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, all.add(listener));
    return () => void all.delete(listener);
  }

  answer(method: string, handler: Handler): void {
    this.#handlers.set(method, handler);
  }

  onGone(listener: (tab: string) => void): () => void {
    this.#goneListeners.add(listener);
    return () => void this.#goneListeners.delete(listener);
  }

  ask<T>(method: string, input: unknown, { timeoutMs = ANSWER_WITHIN_MS } = {}): Promise<T> {
    if (this.#closed) return Promise.reject(this.errors('client.closed'));
    const id = this.platform.clockwork.uuid();
    return new Promise<T>((resolve, reject) => {
      const stops = [
        this.platform.clockwork.after(timeoutMs, () => question.settle({ error: this.errors('client.timeout') })),
        this.platform.clockwork.after(HEARD_WITHIN_MS, () => {
          if (!question.heard && this.platform.visible()) this.#election.stand({ steal: true });
        }),
      ];
      const question: Question = {
        method,
        input,
        heard: false,
        mine: false,
        settle: (result) => {
          if (!this.#questions.delete(id)) return;
          for (const stop of stops) stop();
          if ('data' in result) resolve(result.data as T);
          else reject(result.error);
        },
      };
      this.#questions.set(id, question);
      this.#put(id, question);
    });
  }

  close(): void {
    this.#closed = true;
    for (const question of [...this.#questions.values()]) question.settle({ error: this.errors('client.closed') });
    this.#send({ is: 'gone' });
    this.#election.close();
    for (const watch of this.#watched.values()) watch.abort();
    this.#letGo();
    this.#channel.onmessage = null;
    this.#channel.close();
  }

  /** To whoever leads now. */
  #put(id: string, question: Question): void {
    question.heard = false;
    const { method, input } = question;
    question.mine = this.leading.value;
    if (!question.mine) return this.#send({ is: 'ask', id, method, input });
    question.heard = true;
    this.#handle(method, input, this.id).then(
      (data) => question.settle({ data }),
      (error: Error) => question.settle({ error }),
    );
  }

  #lead(): void {
    this.#send({ is: 'lead' });
    this.#repeatQuestions();
  }

  #follow(): void {
    for (const watch of this.#watched.values()) watch.abort();
    this.#watched.clear();
  }

  /** The leader that was asked may be gone. What it did of it, it may have done: askers repeat only what may be repeated. */
  #repeatQuestions(): void {
    for (const [id, question] of [...this.#questions]) if (!question.mine) this.#put(id, question);
  }

  #take(message: TabMessage): void {
    const { from } = message;
    if (from === this.id || this.#closed) return;
    switch (message.is) {
      case 'here':
        return this.#watch(from);
      case 'lead':
        this.#send({ is: 'here' });
        return this.#repeatQuestions();
      case 'gone':
        return this.#gone(from);
      case 'post':
        for (const listener of [...(this.#listeners.get(message.kind) ?? [])]) listener(message.body as never, from);
        return;
      case 'ask':
        return this.#asked(message);
      case 'heard': {
        const question = message.to === this.id ? this.#questions.get(message.id) : undefined;
        if (question !== undefined) question.heard = true;
        return;
      }
      case 'answered': {
        if (message.to !== this.id) return;
        const { result } = message;
        this.#questions.get(message.id)?.settle('data' in result ? result : { error: fromPlain(result.error) });
      }
    }
  }

  #asked({ from, id, method, input }: Extract<TabMessage, { is: 'ask' }>): void {
    if (!this.leading.value) return;
    this.#watch(from);
    this.#send({ is: 'heard', to: from, id });
    this.#handle(method, input, from).then(
      (data) => this.#send({ is: 'answered', to: from, id, result: { data } }),
      (error: unknown) =>
        this.#send({
          is: 'answered',
          to: from,
          id,
          result: {
            error: isPlainError(error)
              ? toPlain(error as ParleyError)
              : { code: 'client.closed', message: String(error) },
          },
        }),
    );
  }

  async #handle(method: string, input: unknown, from: string): Promise<unknown> {
    const handler = this.#handlers.get(method);
    if (handler === undefined) throw new TypeError(`nobody answers ${method}`);
    return handler(input as never, from);
  }

  /** On the leader: waits for the lock that the other holds while it lives. */
  #watch(tab: string): void {
    if (!this.leading.value || this.#watched.has(tab)) return;
    const watch = new AbortController();
    this.#watched.set(tab, watch);
    this.#locks.request(this.#lockOf(tab), { signal: watch.signal }, async () => this.#gone(tab)).catch(() => {});
  }

  #gone(tab: string): void {
    this.#watched.get(tab)?.abort();
    if (!this.#watched.delete(tab)) return;
    for (const listener of [...this.#goneListeners]) listener(tab);
  }

  #lockOf(tab: string): string {
    return `${this.name}:tab:${tab}`;
  }

  #send(message: Sent): void {
    if (this.#channel.onmessage !== null) this.#channel.postMessage({ ...message, from: this.id });
  }
}
