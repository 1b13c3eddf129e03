import type { AnswerOf } from '../api.js';
import type { Clockwork } from '../ports.js';
import { isOfTheToken } from '../rest/authorized-rest.js';
import type { Http } from '../rest/http.js';
import type { SessionStore, Tombstone } from './session-store.js';

const AGAIN_MS = 30_000;

/** Tells the server of sessions that were ended while it could not be reached. Twice does no harm. */
export class Undertaker {
  #working: Promise<void> | undefined;
  #stopTimer = () => {};
  #closed = false;

  constructor(
    private readonly http: Http,
    private readonly store: SessionStore,
    private readonly clockwork: Clockwork,
  ) {}

  /** Resolves when all are told, or one could not be: that is tried again later. Never rejects. */
  work(): Promise<void> {
    this.#working ??= this.#tellAll()
      .catch(() => this.#again())
      .finally(() => (this.#working = undefined));
    return this.#working;
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  #again(): void {
    this.#stopTimer();
    if (!this.#closed) this.#stopTimer = this.clockwork.after(AGAIN_MS, () => void this.work());
  }

  async #tellAll(): Promise<void> {
    for (const stone of await this.store.tombstones()) {
      await this.#tell(stone).catch((error: unknown) => {
        // Ended already, or not one the server knows: what was wanted.
        if (!isOfTheToken(error)) throw error;
      });
      await this.store.forget(stone);
    }
  }

  async #tell({ accessToken, goodUntil, refreshToken, everywhere }: Tombstone): Promise<void> {
    const body = { everywhere };
    if (goodUntil > this.clockwork.now()) {
      try {
        return void (await this.http.send('POST /auth/logout', { body }, accessToken));
      } catch (error) {
        if (!isOfTheToken(error) || error.code !== 'auth.token_expired') throw error;
      }
    }
    const opened: AnswerOf<'POST /auth/refresh'> = await this.http.send('POST /auth/refresh', {
      body: { refreshToken },
    });
    await this.http.send('POST /auth/logout', { body }, opened.accessToken);
  }
}
