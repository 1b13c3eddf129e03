import { type Observable, State } from '../observable.js';
import type { Clockwork, Realtime } from '../ports.js';
import type { Typing } from '../types.js';

/** The server drops repeats within a second; others forget after `FORGET_MS`. */
const REPEAT_MS = 3000;
const STOP_AFTER_MS = 5000;
const FORGET_MS = 6000;

type TypingState = Typing['state'] | 'stopped';

interface Mine {
  state: Typing['state'];
  sentAt: number;
  stopTimer: () => void;
}

interface Others {
  state: State<readonly Typing[]>;
  timers: Map<string, () => void>;
}

export interface TypingParts {
  realtime: Realtime;
  clockwork: Clockwork;
  me: () => string | undefined;
}

/** Who types. Never stored, never repeated after a loss: what is lost is forgotten after some seconds. */
export class TypingSigns {
  readonly #mine = new Map<string, Mine>();
  readonly #others = new Map<string, Others>();
  readonly #stops: (() => void)[];

  constructor(private readonly parts: TypingParts) {
    const { realtime } = parts;
    this.#stops = [
      realtime.on('typing', ({ conversationId, userId, state }) => this.#heard(conversationId, userId, state)),
      // Who has sent it has stopped writing it.
      realtime.on('conversation:events', ({ conversationId, events }) => {
        for (const { type, actorId } of events)
          if (type === 'message.created') this.#heard(conversationId, actorId, 'stopped');
      }),
    ];
  }

  in(conversationId: string): Observable<readonly Typing[]> {
    return this.#othersIn(conversationId).state;
  }

  set(conversationId: string, state: TypingState): void {
    const { clockwork } = this.parts;
    const before = this.#mine.get(conversationId);
    before?.stopTimer();
    if (state === 'stopped') {
      this.#mine.delete(conversationId);
      if (before !== undefined) this.#send(conversationId, state);
      return;
    }
    const now = clockwork.now();
    const due = before === undefined || before.state !== state || now - before.sentAt >= REPEAT_MS;
    if (due) this.#send(conversationId, state);
    this.#mine.set(conversationId, {
      state,
      sentAt: due ? now : before.sentAt,
      stopTimer: clockwork.after(STOP_AFTER_MS, () => this.set(conversationId, 'stopped')),
    });
  }

  /** Another account, or the end. */
  forget(): void {
    for (const { stopTimer } of this.#mine.values()) stopTimer();
    this.#mine.clear();
    for (const { state, timers } of this.#others.values()) {
      for (const stop of timers.values()) stop();
      timers.clear();
      state.set([]);
    }
  }

  close(): void {
    this.forget();
    for (const stop of this.#stops) stop();
  }

  #send(conversationId: string, state: TypingState): void {
    this.parts.realtime.command('typing', { conversationId, state }).catch(() => undefined);
  }

  #heard(conversationId: string, userId: string, state: TypingState): void {
    // A conversation that nobody has asked about is not kept.
    const others = this.#others.get(conversationId);
    if (others === undefined || userId === this.parts.me()) return;
    others.timers.get(userId)?.();
    others.timers.delete(userId);
    const rest = others.state.value.filter((one) => one.userId !== userId);
    if (state === 'stopped') {
      if (rest.length < others.state.value.length) others.state.set(rest);
      return;
    }
    others.timers.set(
      userId,
      this.parts.clockwork.after(FORGET_MS, () => this.#heard(conversationId, userId, 'stopped')),
    );
    const known = others.state.value.find((one) => one.userId === userId);
    // In the order in which they began; a repeat changes nothing.
    if (known?.state !== state) others.state.set([...rest, { userId, state }]);
  }

  #othersIn(conversationId: string): Others {
    const known = this.#others.get(conversationId) ?? { state: new State<readonly Typing[]>([]), timers: new Map() };
    this.#others.set(conversationId, known);
    return known;
  }
}
