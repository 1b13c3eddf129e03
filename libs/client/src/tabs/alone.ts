import { State } from '../observable.js';
import type { Clockwork, Tabs } from '../ports.js';

type Handler = (input: never, fromTab: string) => Promise<unknown>;

/** Nobody else is there: this client leads. */
export class Alone implements Tabs {
  readonly id: string;
  readonly leading = new State(true);
  readonly #handlers = new Map<string, Handler>();

  constructor(clockwork: Clockwork) {
    this.id = clockwork.uuid();
  }

  post(): void {}

  on(): () => void {
    return () => {};
  }

  async ask<T>(method: string, input: unknown): Promise<T> {
    const handler = this.#handlers.get(method);
    if (handler === undefined) throw new TypeError(`nobody answers ${method}`);
    return (await handler(input as never, this.id)) as T;
  }

  answer(method: string, handler: Handler): void {
    this.#handlers.set(method, handler);
  }

  onGone(): () => void {
    return () => {};
  }

  close(): void {}
}
