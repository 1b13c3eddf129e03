import { beforeEach, describe, expect, it } from 'vitest';
import { errorMaker } from '../error-answers.js';
import { Http } from '../rest/http.js';
import { MemoryStorage } from '../store/memory-storage.js';
import { Alone } from '../tabs/alone.js';
import { FakeClockwork, settled } from '../testing/fake-clockwork.js';
import { byLease } from './exclusive.js';
import { Renewal } from './renewal.js';
import { Session } from './session.js';
import { SessionStore } from './session-store.js';
import { Undertaker } from './undertaker.js';

const errors = errorMaker('en');
const MINUTE = 60_000;

/** A server with a clock of its own, whose refresh tokens count up. */
class FakeServer {
  skewMs = 0;
  refreshes = 0;
  answer: 'well' | 'offline' | { status: number; code: string } | 'html' = 'well';
  constructor(private readonly clockwork: FakeClockwork) {}

  readonly fetch = (async (url: string) => {
    await Promise.resolve();
    if (this.answer === 'offline') throw new TypeError('fetch failed');
    if (this.answer === 'html') return new Response('<html>', { status: 401 });
    if (typeof this.answer === 'object') {
      const { status, code } = this.answer;
      return new Response(JSON.stringify({ code, status, title: code, retryable: false }), { status });
    }
    if (url.endsWith('/auth/refresh')) this.refreshes += 1;
    return new Response(JSON.stringify(this.opened()), { headers: { date: new Date(this.now()).toUTCString() } });
  }) as typeof fetch;

  opened() {
    const at = (ms: number) => new Date(this.now() + ms).toISOString();
    return {
      user: { userId: 'ada', displayName: 'Ada', kind: 'user', createdAt: at(0) },
      session: { sessionId: 's1', deviceId: 'd1', createdAt: at(0), lastUsedAt: at(0), current: true },
      accessToken: `access-${this.refreshes}`,
      accessTokenExpiresAt: at(10 * MINUTE),
      refreshToken: `refresh-${this.refreshes}`,
      refreshTokenExpiresAt: at(90 * 24 * 60 * MINUTE),
    };
  }

  private now(): number {
    return this.clockwork.now() + this.skewMs;
  }
}

describe('Renewal', () => {
  let clockwork: FakeClockwork;
  let server: FakeServer;
  let storage: MemoryStorage;

  beforeEach(() => {
    clockwork = new FakeClockwork();
    server = new FakeServer(clockwork);
    storage = new MemoryStorage();
  });

  /** A tab that has read what is stored. */
  async function aTab() {
    const http = new Http({ fetch: server.fetch, clockwork, errors, base: 'http://x', language: 'en' });
    const store = new SessionStore(storage, clockwork);
    const tabs = new Alone(clockwork);
    const renewal = new Renewal(http, store, clockwork, byLease(store, clockwork), errors, () => undefined);
    const undertaker = new Undertaker(http, store, clockwork);
    const rest = () => {
      throw new Error('not asked');
    };
    const session = new Session({ http, rest, store, tabs, clockwork, errors, renewal, undertaker, device: undefined });
    renewal.serve(session);
    await session.reload();
    return { renewal, session, store };
  }
  const signedIn = async () => {
    const tab = await aTab();
    await tab.session.login({ username: 'ada', password: 'x' });
    return tab;
  };

  it.each([0, -3 * 60 * MINUTE, 5 * 60 * MINUTE])(
    'knows how long a token is good with a clock that is %d ms off',
    async (skewMs) => {
      server.skewMs = skewMs;
      const { renewal } = await signedIn();
      await clockwork.pass(9 * MINUTE);
      await renewal.token();
      expect(server.refreshes).toBe(0);
      await clockwork.pass(MINUTE);
      expect(await renewal.token()).toBe('access-1');
    },
  );

  it('refreshes once for all who ask at the same time, on all tabs', async () => {
    const one = await signedIn();
    const other = await aTab();
    await clockwork.pass(11 * MINUTE);
    const asked = Promise.all([one, one, other, other].map(({ renewal }) => renewal.token()));
    await clockwork.pass(1000);
    expect(await asked).toEqual(Array(4).fill('access-1'));
    expect(server.refreshes).toBe(1);
  });

  it('refreshes ahead of time where it is told to, again and again', async () => {
    const { renewal, session } = await signedIn();
    renewal.keepFresh(true);
    await clockwork.pass(60 * MINUTE);
    expect(server.refreshes).toBeGreaterThanOrEqual(6);
    expect((session.row.value?.goodUntil ?? 0) - clockwork.now()).toBeGreaterThan(MINUTE);
    renewal.keepFresh(false);
    expect(clockwork.waiting).toBe(0);
  });

  it('goes on trying while there is no network, and signs nobody out', async () => {
    const { renewal, session } = await signedIn();
    renewal.keepFresh(true);
    for (const answer of ['offline', 'html', { status: 503, code: 'server.unavailable' }] as const) {
      server.answer = answer;
      await clockwork.pass(20 * MINUTE);
      expect(session.value.status).toBe('signed-in');
    }
    server.answer = 'well';
    await clockwork.pass(15_000);
    expect(await renewal.token()).toBe('access-1');
  });

  it.each([
    [401, 'auth.token_expired', 'expired'],
    [401, 'auth.token_invalid', 'expired'],
    [401, 'auth.session_revoked', 'revoked'],
    [403, 'auth.banned', 'banned'],
  ])('signs out at a %d %s', async (status, code, reason) => {
    const { renewal, session, store } = await signedIn();
    server.answer = { status, code };
    await clockwork.pass(11 * MINUTE);
    await expect(renewal.token()).rejects.toMatchObject({ code: 'client.signed_out' });
    expect(session.value).toEqual({ status: 'signed-out', reason });
    expect(await store.current()).toBeUndefined();
  });

  it('keeps what waits to be sent for the same user when the session ran out, and for nobody else', async () => {
    const { renewal } = await signedIn();
    await storage.write(['outbox'], (tx) => tx.put('outbox', 'k', 'unsent'));
    server.answer = { status: 401, code: 'auth.token_expired' };
    await clockwork.pass(11 * MINUTE);
    await renewal.token().catch(() => undefined);
    const outbox = () => storage.read(['outbox'], (tx) => tx.get('outbox', 'k'));
    server.answer = 'well';
    const again = await aTab();
    await again.session.login({ username: 'ada', password: 'x' });
    expect(await outbox()).toBe('unsent');
    await again.session.ended('s1', 'revoked');
    expect(await outbox()).toBeUndefined();
  });

  it('does not give the token of a new session to a request of the old one', async () => {
    const old = await signedIn();
    await storage.write(['session'], async (tx) => {
      const row = await tx.get<object>('session', 'current');
      await tx.put('session', 'current', { ...row, sessionId: 's2', accessToken: 'of somebody else' });
    });
    expect(await old.renewal.replace('access-0')).toBeUndefined();
  });

  it('takes over the lease of a tab that died with it', async () => {
    const { renewal, store } = await signedIn();
    await clockwork.pass(11 * MINUTE);
    expect(await store.lease('dead', 40_000)).toBe(true);
    const asked = renewal.token();
    await clockwork.pass(30_000);
    expect(server.refreshes).toBe(0);
    await clockwork.pass(11_000);
    await settled();
    expect(await asked).toBe('access-1');
  });
});
