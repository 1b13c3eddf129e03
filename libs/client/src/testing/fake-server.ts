import type { CommandName, EventName, EventPayload } from '../api.js';
import { errorMaker } from '../error-answers.js';
import { State } from '../observable.js';
import type { Realtime, Rest } from '../ports.js';
import { FakeLog } from './fake-log.js';

type Request = { params?: { conversationId?: string; messageId?: string }; query?: Record<string, unknown> };
type Input = Record<string, never> & { conversationId: string; seq: number };
const RESET_AFTER = 10_000;

/** The part of Parley that the data half talks to. Answers are as of the question, and come when the test lets them. */
export class FakeServer {
  readonly logs = new Map<string, FakeLog>();
  readonly connection = new State<number | undefined>(undefined);
  /** Every command, in order. */
  readonly asked: { name: CommandName; input: Input }[] = [];
  readonly called: string[] = [];
  /** Answers that wait; undefined: they come at once. */
  held: (() => void)[] | undefined;
  /** What a send answers instead of being carried out. */
  refuse: ((input: Input) => Error | undefined) | undefined;
  /** Carries the send out, but the answer is lost. */
  loseAck: ((input: Input) => boolean) | undefined;
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private connections = 0;

  constructor(readonly me: string) {}

  log(
    conversationId: string,
    ...more: ConstructorParameters<typeof FakeLog> extends [string, string, ...infer M] ? M : []
  ) {
    let log = this.logs.get(conversationId);
    if (log === undefined) this.logs.set(conversationId, (log = new FakeLog(conversationId, this.me, ...more)));
    return log;
  }

  connect(): void {
    this.connection.set(undefined);
    this.connection.set(++this.connections);
  }

  disconnect(): void {
    this.connection.set(undefined);
  }

  push<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.listeners.get(name) ?? []) listener(structuredClone(payload) as never);
  }

  /** Lets one waiting answer come. */
  release(which: number): void {
    const { held } = this;
    if (held !== undefined && held.length > 0) held.splice(which % held.length, 1)[0]?.();
  }

  readonly rest: Rest = {
    call: (name: string, request: Request) =>
      this.answer(() => {
        this.called.push(`${name} ${JSON.stringify(request.query ?? {})}`);
        return this.restAnswer(name, request);
      }),
  } as unknown as Rest;

  /** As one tab has it: the connection is the leader's. */
  realtime(connection: Realtime['connection']): Realtime {
    return {
      connection,
      command: (name: CommandName, input: Input) => {
        const { value } = this.connection;
        if (value === undefined) return Promise.reject(errors('client.offline'));
        this.asked.push({ name, input: structuredClone(input) });
        return this.answer(
          () => this.commandAnswer(name, input),
          () => this.connection.value === value,
        );
      },
      on: (name: string, listener: (payload: never) => void) => {
        const known = this.listeners.get(name) ?? new Set();
        this.listeners.set(name, known.add(listener));
        return () => void known.delete(listener);
      },
    } as unknown as Realtime;
  }

  private async answer<T>(make: () => T, valid = () => true): Promise<T> {
    // As of now, whenever it comes.
    let result: { value: T } | { error: unknown };
    try {
      result = { value: structuredClone(make()) };
    } catch (error) {
      result = { error };
    }
    if (this.held !== undefined) await new Promise<void>((resolve) => this.held?.push(resolve));
    if (!valid()) throw errors('client.timeout');
    if ('error' in result) throw result.error;
    return result.value;
  }

  private restAnswer(name: string, { params, query }: Request): unknown {
    const log = this.logs.get(params?.conversationId ?? '');
    if (name === 'GET /conversations') return { items: [...this.logs.values()].map((one) => one.state()) };
    if (log === undefined) throw Object.assign(new Error(name), { code: 'conversation.not_found', retryable: false });
    switch (name) {
      case 'GET /conversations/{conversationId}':
        return log.state();
      case 'GET /conversations/{conversationId}/events':
        return {
          epoch: log.epoch,
          headSeq: log.head,
          items: log.page(Number(query?.['afterSeq']), Number(query?.['limit'])),
        };
      default:
        throw Object.assign(new Error(name), { code: 'request.not_found', retryable: false });
    }
  }

  private commandAnswer(name: string, input: Input): unknown {
    const log = this.logs.get(input.conversationId);
    switch (name) {
      case 'sync':
        return this.sync(input as unknown as SyncInput);
      case 'message:send': {
        const refusal = this.refuse?.(input);
        if (refusal !== undefined) throw refusal;
        const { clientMsgId, content } = input as unknown as { clientMsgId: string; content: { text: string } };
        const event = (log as FakeLog).say(this.me, content.text, { clientMsgId });
        if (this.loseAck?.(input) === true) throw errors('client.timeout');
        return { messageId: event.data['messageId'], seq: event.seq, sentAt: event.at };
      }
      case 'cursor:read':
        if (log !== undefined) log.readSeq = Math.max(log.readSeq, input.seq);
        return { deliveredSeq: input.seq, readSeq: input.seq, unreadCount: log?.state().unreadCount };
      default:
        return {};
    }
  }

  private sync({ heads = [], limit = 500, cursor }: SyncInput): unknown {
    const [from, done] = cursor === undefined ? [0, 0] : (cursor.split(' ').map(Number) as [number, number]);
    const ids = [...this.logs.keys()];
    const named = new Map(heads.map((head) => [head.conversationId, head]));
    const page = {
      conversations: [] as unknown[],
      events: [] as unknown[],
      resets: [] as string[],
      hidden: [],
      removed:
        from === 0 && done === 0 ? heads.map((one) => one.conversationId).filter((id) => !this.logs.has(id)) : [],
      nextCursor: '0 0',
      caughtUp: true,
    };
    let room = limit;
    for (let at = from; at < ids.length; at++) {
      const log = this.logs.get(ids[at] as string) as FakeLog;
      const head = named.get(log.conversationId);
      const has = at === from && done > 0 ? done : (head?.seq ?? 0);
      if (has !== done || done === 0) page.conversations.push(log.state());
      const isVoid = head !== undefined && (head.epoch !== log.epoch || head.seq > log.head);
      if (isVoid || log.head - has > RESET_AFTER) {
        page.resets.push(log.conversationId);
        continue;
      }
      const events = log.page(has, room);
      room -= events.length;
      if (events.length > 0) page.events.push({ conversationId: log.conversationId, epoch: log.epoch, events });
      if (has + events.length < log.head)
        return { ...page, nextCursor: `${at} ${has + events.length}`, caughtUp: false };
    }
    return page;
  }
}

interface SyncInput {
  heads?: { conversationId: string; seq: number; epoch: string }[];
  limit?: number;
  cursor?: string;
}

export const errors = errorMaker('en');
