import type { Opened } from '../support/shapes.js';

const WITHIN_MS = 5000;

/** The tokens of one session, renewed as a client renews them: on any edge, again when no answer came, and only once at a time. */
export class Credentials {
  token: string;
  renewals = 0;
  /** Set when the server no longer knows the session: its user would have to log in. */
  lost: string | undefined;
  private refreshToken: string;
  private busy = false;

  constructor(
    private readonly edges: readonly string[],
    opened: Opened,
  ) {
    this.token = opened.accessToken;
    this.refreshToken = opened.refreshToken;
  }

  /** True when there is a new access token. */
  async renew(): Promise<boolean> {
    if (this.busy || this.lost !== undefined) return false;
    this.busy = true;
    try {
      for (const edge of this.edges) {
        const answer = await fetch(`${edge}/api/v1/auth/refresh`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ refreshToken: this.refreshToken }),
          signal: AbortSignal.timeout(WITHIN_MS),
        }).catch(() => undefined);
        if (answer === undefined) continue;
        const body = (await answer.json().catch(() => undefined)) as (Opened & { code?: string }) | undefined;
        if (answer.ok && body !== undefined) {
          this.token = body.accessToken;
          this.refreshToken = body.refreshToken;
          this.renewals++;
          return true;
        }
        if (answer.status === 401 || answer.status === 403) this.lost = `refresh: ${answer.status} ${body?.code ?? ''}`;
      }
      return false;
    } finally {
      this.busy = false;
    }
  }
}
