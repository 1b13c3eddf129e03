import type { CommandInput, CommandName, CommandOutput, EventName } from '../api.js';
import type { ErrorMaker, ParleyError } from '../errors.js';
import { State } from '../observable.js';
import type { PlaceEvent, Platform } from '../platform/platform.js';
import { isOfTheToken, type TokenSource } from '../rest/authorized-rest.js';
import type { EndReason, Session } from '../session/session.js';
import { Backoff } from './backoff.js';
import { COMMAND_WITHIN_MS, Link, type LinkEnd } from './link.js';

/** A connection that lived this long was a good one. */
const GOOD_AFTER_MS = 3000;
const TICK_MS = 10_000;

export type LinkStatus =
  | { status: 'idle' }
  | { status: 'offline'; retryAt: number; error: ParleyError }
  | { status: 'connecting' | 'connected' };

export interface ConnectorParts {
  url: string;
  platform: Platform;
  errors: ErrorMaker;
  session: Session;
  tokens: TokenSource;
  onEvent(name: EventName, payload: unknown): void;
}

/** Keeps one link up as long as it is wanted; there are never two. On the leading tab. */
export class Connector {
  /** Counts connections, see `Realtime.connection`. */
  readonly connection = new State<number | undefined>(undefined);
  readonly status = new State<LinkStatus>({ status: 'idle' });
  readonly #backoff: Backoff;
  private link: Link | undefined;
  private sessionId: string | undefined;
  private token: string | undefined;
  #count = 0;
  /** Of what is under way now: whoever comes back from an await with an older one has nothing to say. */
  #turn = 0;
  #stopTimer = () => {};
  #stopTicking = () => {};
  #stopListening: readonly (() => void)[] = [];

  constructor(private readonly parts: ConnectorParts) {
    this.#backoff = new Backoff(parts.platform.clockwork);
  }

  start(): void {
    if (this.#stopListening.length > 0) return;
    const { platform, session } = this.parts;
    this.#stopListening = [
      platform.on((event) => this.#noticed(event)),
      session.row.subscribe(() => void this.#tokenChanged()),
    ];
    this.#backoff.reset();
    this.#tick(platform.clockwork.now());
    void this.#connect();
  }

  stop(): void {
    for (const stop of this.#stopListening) stop();
    this.#stopListening = [];
    this.#stopTicking();
    this.#drop();
    this.status.set({ status: 'idle' });
  }

  command<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    timeoutMs = COMMAND_WITHIN_MS,
  ): Promise<CommandOutput<N>> {
    return this.link?.command(name, input, timeoutMs) ?? Promise.reject(this.parts.errors('client.offline'));
  }

  /** Now, where it waits for the next try. */
  reconnect(): void {
    if (this.status.value.status === 'offline') void this.#connect();
  }

  async #connect(): Promise<void> {
    const turn = this.#drop();
    const { url, platform, errors, session, tokens } = this.parts;
    this.status.set({ status: 'connecting' });
    let token: string | undefined;
    try {
      token = await tokens.token();
    } catch (error) {
      if (turn === this.#turn) this.#wait(error as ParleyError);
      return;
    }
    const row = session.row.value;
    // Nobody is signed in: whoever wants us connected will say so again.
    if (turn !== this.#turn || token === undefined || row === undefined) return;
    this.sessionId = row.sessionId;
    this.token = token;
    this.link = new Link({
      url,
      token,
      clockwork: platform.clockwork,
      errors,
      onConnect: () => {
        this.#count += 1;
        this.connection.set(this.#count);
        this.status.set({ status: 'connected' });
        void this.#tokenChanged();
      },
      onEvent: this.parts.onEvent,
      onEnd: (end) => void this.#ended(end),
    });
  }

  async #ended({ error, closing, livedMs }: LinkEnd): Promise<void> {
    const { sessionId, token } = this;
    const turn = this.#drop();
    if (livedMs > GOOD_AFTER_MS) this.#backoff.reset();
    const { session, tokens } = this.parts;
    const code = closing?.code ?? error.code;
    try {
      if (
        sessionId !== undefined &&
        (closing?.action === 'login' || closing?.action === 'stop') &&
        code.startsWith('auth.')
      )
        await session.ended(sessionId, reasonOf(code));
      // The refresh says whether it was the token, or the session.
      else if (token !== undefined && (isOfTheToken(error) || code === 'auth.token_expired'))
        await tokens.replace(token);
    } catch (failed) {
      if (turn === this.#turn) this.#wait(failed as ParleyError);
      return;
    }
    if (turn === this.#turn && session.row.value !== undefined)
      this.#wait(error, closing === undefined ? error.retryAfterMs : closing.reconnectAfterMs);
  }

  #wait(error: ParleyError, hintMs = 0): void {
    const { clockwork } = this.parts.platform;
    const ms = hintMs + this.#backoff.next();
    this.status.set({ status: 'offline', retryAt: clockwork.now() + ms, error });
    this.#stopTimer = clockwork.after(ms, () => void this.#connect());
  }

  /** Ends what is under way, and answers the number of what comes next. */
  #drop(): number {
    this.#stopTimer();
    this.link?.close();
    this.link = undefined;
    this.connection.set(undefined);
    this.#turn += 1;
    return this.#turn;
  }

  #noticed(event: PlaceEvent): void {
    if (event === 'hide') return;
    if (this.link?.connected === true) this.link.probe();
    else if (event !== 'offline') this.reconnect();
  }

  /** Timers stand still while the machine sleeps; the connection may not have survived it. */
  #tick(before: number): void {
    const { clockwork } = this.parts.platform;
    this.#stopTicking = clockwork.after(TICK_MS, () => {
      const now = clockwork.now();
      if (now - before > 3 * TICK_MS) this.#noticed('wake');
      this.#tick(now);
    });
  }

  async #tokenChanged(): Promise<void> {
    const { link } = this;
    const row = this.parts.session.row.value;
    if (link?.connected !== true || row === undefined) return;
    if (row.sessionId !== this.sessionId) return this.#connect();
    if (row.accessToken === this.token) return;
    this.token = row.accessToken;
    await link.renew(row.accessToken).catch((error: unknown) => {
      // It was refused, and will be closed when the old token ends: a new connection finds out what to do.
      if (isOfTheToken(error) && this.link === link) return this.#connect();
      return undefined;
    });
  }
}

function reasonOf(code: string): EndReason {
  if (code === 'auth.banned') return 'banned';
  return code === 'auth.token_expired' ? 'expired' : 'revoked';
}
