import type { CommandName, EventName } from '../api.js';
import { State } from '../observable.js';
import type { Realtime, Rest } from '../ports.js';

/** Records what is asked, and answers what the test says. */
export class FakeRealtime {
  readonly connection = new State<number | undefined>(1);
  readonly asked: { name: CommandName; input: unknown }[] = [];
  answer: (name: CommandName, input: never) => unknown = () => ({});
  private readonly listeners = new Map<EventName, Set<(payload: never) => void>>();

  readonly command = async (name: CommandName, input: unknown): Promise<never> => {
    this.asked.push({ name, input });
    return (await this.answer(name, input as never)) as never;
  };

  readonly on = (name: EventName, listener: (payload: never) => void): (() => void) => {
    const all = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, all.add(listener));
    return () => void all.delete(listener);
  };

  emit(name: EventName | 'user:changed', payload: unknown): void {
    for (const listener of this.listeners.get(name as EventName) ?? []) listener(payload as never);
  }

  get port(): Realtime {
    return this as unknown as Realtime;
  }
}

interface Asked {
  name: string;
  request: {
    query?: Record<string, unknown>;
    params?: Record<string, string>;
    body?: unknown;
    idempotencyKey?: string;
  };
}

export class FakeRest {
  readonly asked: Asked[] = [];

  constructor(readonly answer: (asked: Asked) => unknown) {}

  readonly call = async (name: string, request: Asked['request']): Promise<never> => {
    this.asked.push({ name, request });
    return (await this.answer({ name, request })) as never;
  };

  get port(): Rest {
    return this as unknown as Rest;
  }
}
