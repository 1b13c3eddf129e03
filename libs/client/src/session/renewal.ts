import { type ErrorMaker, ParleyError } from '../errors.js';
import type { Clockwork } from '../ports.js';
import type { TokenSource } from '../rest/authorized-rest.js';
import type { Http } from '../rest/http.js';
import type { Exclusive } from './exclusive.js';
import { sessionRow } from './opened.js';
import type { EndReason, Session } from './session.js';
import type { SessionRow, SessionStore } from './session-store.js';

/** A token that ends sooner is not worth sending. */
const TOO_SHORT_MS = 5000;
/** The leading tab refreshes when this part of the lifetime is left, so that the socket need not close. */
const AHEAD = 0.2;
const AGAIN_MS = 10_000;

/** What a refused refresh says about the session. Everything else, a dead network above all, says nothing. */
const OVER: Readonly<Record<string, EndReason>> = {
  'auth.token_expired': 'expired',
  'auth.token_invalid': 'expired',
  'auth.session_revoked': 'revoked',
  'auth.banned': 'banned',
};

/** One refresh at a time, over all tabs; whoever comes second finds the new token in the storage. */
export class Renewal implements TokenSource {
  #session!: Session;
  #running: Promise<SessionRow | undefined> | undefined;
  #stopTimer = () => {};
  #stopWatching = () => {};

  constructor(
    private readonly http: Http,
    private readonly store: SessionStore,
    private readonly clockwork: Clockwork,
    private readonly exclusive: Exclusive,
    private readonly errors: ErrorMaker,
    /** The others are told that there is a new token. */
    private readonly renewed: () => void,
  ) {}

  serve(session: Session): void {
    this.#session = session;
  }

  async token(): Promise<string | undefined> {
    const row = this.#session.row.value;
    if (row === undefined || row.goodUntil - this.clockwork.now() > TOO_SHORT_MS) return row?.accessToken;
    const next = await this.#renew(row);
    if (next === undefined) throw this.errors('client.signed_out');
    return next.accessToken;
  }

  async replace(refused: string): Promise<string | undefined> {
    const row = this.#session.row.value;
    if (row === undefined) return undefined;
    // Another request was refused a moment before and has seen to it.
    if (row.accessToken !== refused) return row.accessToken;
    return (await this.#renew(row))?.accessToken;
  }

  /** The leading tab refreshes ahead of time, as long as it leads. */
  keepFresh(on: boolean): void {
    this.#stopWatching();
    this.#stopTimer();
    this.#stopWatching = () => {};
    if (!on) return;
    this.#stopWatching = this.#session.row.subscribe(() => this.#schedule());
    this.#schedule();
  }

  #schedule(againInMs?: number): void {
    this.#stopTimer();
    const row = this.#session.row.value;
    if (row === undefined) return;
    const { goodUntil, lifetimeMs } = row;
    const due = goodUntil - lifetimeMs * AHEAD * (0.75 + this.clockwork.random() / 4) - this.clockwork.now();
    this.#stopTimer = this.clockwork.after(againInMs ?? Math.max(due, 0), () => {
      this.#renew(row).catch(() => this.#schedule(AGAIN_MS));
    });
  }

  #renew(instead: SessionRow): Promise<SessionRow | undefined> {
    this.#running ??= this.exclusive(() => this.#exchange(instead)).finally(() => (this.#running = undefined));
    return this.#running;
  }

  /** Undefined: the session is over, or another one by now, whose token is not for the caller's request. */
  async #exchange(instead: SessionRow): Promise<SessionRow | undefined> {
    const row = await this.store.current();
    if (row?.sessionId !== instead.sessionId) {
      await this.#session.reload();
      return undefined;
    }
    if (row.accessToken !== instead.accessToken && row.goodUntil - this.clockwork.now() > TOO_SHORT_MS) {
      this.#session.adopt(row);
      return row;
    }
    const asked = { at: this.clockwork.now() };
    const { refreshToken, deviceId, sessionId } = row;
    try {
      const { body, at } = await this.http.exchange('POST /auth/refresh', { body: { refreshToken, deviceId } });
      const next = sessionRow(body as Parameters<typeof sessionRow>[0], asked, at);
      // ORDER: stored before it is used. The old refresh token is good until then.
      if (!(await this.store.replace(next))) return undefined;
      this.#session.adopt(next);
      this.renewed();
      return next;
    } catch (error) {
      const reason = error instanceof ParleyError ? OVER[error.code] : undefined;
      if (reason === undefined) throw error;
      await this.#session.ended(sessionId, reason);
      return undefined;
    }
  }
}
