import { io, type Socket } from 'socket.io-client';
import type { CommandInput, CommandName, CommandOutput, EventName, EventPayload } from '../api.js';
import { fromPlain, isPlainError } from '../error-answers.js';
import { type ErrorMaker, ParleyError } from '../errors.js';
import type { Clockwork } from '../ports.js';

/** A handshake takes a few round trips; this is for proxies that take a connection and say nothing. */
const CONNECT_WITHIN_MS = 15_000;
export const COMMAND_WITHIN_MS = 10_000;
const PROBE_WITHIN_MS = 4000;

export interface LinkEnd {
  error: ParleyError;
  /** The server's last word, where it had one. */
  closing?: EventPayload<'session:closing'>;
  /** How long it was connected, 0 where it never was. */
  livedMs: number;
}

export interface LinkParts {
  url: string;
  token: string;
  clockwork: Clockwork;
  errors: ErrorMaker;
  onConnect(): void;
  onEvent(name: EventName, payload: unknown): void;
  /** Once, and nothing after it. */
  onEnd(end: LinkEnd): void;
}

/** One connection, from the first packet to the last. It never reconnects: another link does. */
export class Link {
  readonly #socket: Socket;
  readonly #pending = new Set<(error: ParleyError) => void>();
  readonly #stopTimer: () => void;
  #stopProbe: (() => void) | undefined;
  #closing: EventPayload<'session:closing'> | undefined;
  #connectedAt: number | undefined;
  #heardAt = 0;
  #over = false;

  constructor(private readonly parts: LinkParts) {
    const { url, clockwork, errors } = parts;
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      reconnection: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      timeout: CONNECT_WITHIN_MS,
      auth: { token: parts.token, client: '@parley/client' },
    });
    this.#stopTimer = clockwork.after(CONNECT_WITHIN_MS, () => {
      if (this.#connectedAt === undefined) this.#end(errors('client.timeout'));
    });
    this.#socket.on('connect', () => {
      if (this.#over) return;
      this.#connectedAt = clockwork.now();
      this.#heard();
      this.#socket.io.engine.on('packet', () => this.#heard());
      parts.onConnect();
    });
    this.#socket.on('connect_error', (error: Error & { data?: unknown }) =>
      this.#end(isPlainError(error.data) ? fromPlain(error.data) : errors('client.offline')),
    );
    this.#socket.on('disconnect', () => this.#end(errors('client.offline')));
    this.#socket.onAny((name: EventName, payload: unknown) => {
      if (this.#over) return;
      if (name === 'session:closing') this.#closing = payload as EventPayload<'session:closing'>;
      parts.onEvent(name, payload);
    });
    this.#socket.connect();
  }

  get connected(): boolean {
    return this.#connectedAt !== undefined && !this.#over;
  }

  command<N extends CommandName>(name: N, input: CommandInput<N>, timeoutMs: number): Promise<CommandOutput<N>> {
    const { clockwork, errors } = this.parts;
    if (!this.connected) return Promise.reject(errors('client.offline'));
    return new Promise((resolve, reject) => {
      const done = (): boolean => {
        stop();
        return this.#pending.delete(fail);
      };
      const fail = (error: ParleyError) => {
        if (done()) reject(error);
      };
      const stop = clockwork.after(timeoutMs, () => {
        fail(errors('client.timeout'));
        this.probe();
      });
      this.#pending.add(fail);
      this.#socket.emit(
        name,
        input,
        (answer: { ok?: boolean; data?: CommandOutput<N>; error?: unknown } | undefined) => {
          if (answer?.ok !== true)
            return fail(isPlainError(answer?.error) ? fromPlain(answer.error) : errors('client.bad_answer'));
          if (done()) resolve(answer.data as CommandOutput<N>);
        },
      );
    });
  }

  /** Is somebody still there? A network that went away does not say goodbye, and the server's ping may be half a minute off. */
  probe(): void {
    if (!this.connected || this.#stopProbe !== undefined) return;
    const { clockwork, errors, token } = this.parts;
    const since = this.#heardAt;
    // The token it has: costs nothing, and changes nothing. Any answer will do.
    this.#socket.emit('token:refresh', { token }, () => this.#heard());
    this.#stopProbe = clockwork.after(PROBE_WITHIN_MS, () => {
      this.#stopProbe = undefined;
      if (this.#heardAt === since) this.#end(errors('client.timeout'));
    });
  }

  /** From our side; `onEnd` is not called. */
  close(): void {
    if (this.#over) return;
    this.#finish(this.parts.errors('client.offline'));
  }

  /** The socket goes on with another token. */
  async renew(token: string): Promise<void> {
    await this.command('token:refresh', { token }, COMMAND_WITHIN_MS);
    this.parts.token = token;
  }

  #heard(): void {
    this.#heardAt += 1;
  }

  #end(error: ParleyError): void {
    if (this.#over) return;
    const livedMs = this.#connectedAt === undefined ? 0 : this.parts.clockwork.now() - this.#connectedAt;
    this.#finish(error);
    this.parts.onEnd({ error, livedMs, ...(this.#closing === undefined ? {} : { closing: this.#closing }) });
  }

  #finish(reason: ParleyError): void {
    this.#over = true;
    this.#stopTimer();
    this.#stopProbe?.();
    this.#socket.offAny();
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
    // A connection that hangs does not end by being asked to: its transport is dropped.
    this.#socket.io.engine?.close();
    // Whether the server did it is not known: the caller repeats what may be repeated.
    const { errors } = this.parts;
    for (const fail of [...this.#pending]) fail(reason.code === 'client.closed' ? reason : errors('client.timeout'));
  }
}
