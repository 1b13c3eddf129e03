import { describe, expect, it } from 'vitest';
import { makeRefreshToken, MAX_SIBLINGS, type RefreshToken, stored } from '../domain/refresh-token.js';
import type { Session } from '../domain/session.js';
import { anAccount, anOpening, DAY_MS, HASH, nextSecret, START } from './builders.js';
import type { IdentityStores } from './stores.js';

/** What every SessionStore does, whatever stores it. */
export function sessionStoreContract(open: () => Promise<IdentityStores>): void {
  async function openedSession() {
    const stores = await open();
    const account = anAccount();
    const { opening, token } = anOpening(account.userId);
    await stores.accounts.create(account, opening);
    return { ...stores, account, session: opening.session, token };
  }

  const refresher = (sessions: IdentityStores['sessions'], session: Session) => async (presented: RefreshToken) => {
    const next = makeRefreshToken(session, presented.generation + 1, nextSecret());
    const rotation = { presented, next: stored(next), at: START + 1000, address: '198.51.100.7', deviceId: '' };
    return { ...(await sessions.rotate(rotation)), next };
  };

  describe('SessionStore', () => {
    it('takes a token until a later one is used, then ends the session on its reuse', async () => {
      const { sessions, session, token } = await openedSession();
      const refresh = refresher(sessions, session);
      const second = await refresh(token);
      expect(second).toMatchObject({
        verdict: 'rotate',
        session: { lastUsedAt: START + 1000, address: '198.51.100.7' },
      });
      // The answer was lost: the old one still works.
      const again = await refresh(token);
      expect(again.verdict).toBe('rotate');
      expect((await refresh(second.next)).verdict).toBe('rotate');
      expect((await refresh(token)).verdict).toBe('reused');
      expect(await sessions.find(session.sessionId)).toMatchObject({ revokedCode: 'auth.session_revoked' });
      expect((await refresh(again.next)).verdict).toBe('revoked');
    });

    it('locks nobody out who refreshes several times at once', async () => {
      const { sessions, session, token } = await openedSession();
      const refresh = refresher(sessions, session);
      const answers = await Promise.all(Array.from({ length: 4 }, () => refresh(token)));
      expect(answers.map((answer) => answer.verdict)).toEqual(['rotate', 'rotate', 'rotate', 'rotate']);
      for (const { next } of answers) expect((await refresh(next)).verdict).toBe('rotate');
    });

    it('keeps a bounded number of answers to one token', async () => {
      const { sessions, session, token } = await openedSession();
      const refresh = refresher(sessions, session);
      const answers = [];
      for (let i = 0; i < MAX_SIBLINGS + 5; i += 1) answers.push(await refresh(token));
      expect((await refresh(answers.at(-1)!.next)).verdict).toBe('rotate');
      const usable = await Promise.all(answers.map(async ({ next }) => (await refresh(next)).verdict));
      expect(usable.filter((verdict) => verdict === 'rotate').length).toBeLessThanOrEqual(MAX_SIBLINGS);
      expect(usable.filter((verdict) => verdict === 'invalid').length).toBeGreaterThanOrEqual(5);
    });

    it('refuses a token of its own form that nobody gave out, and one of a session that is not there', async () => {
      const { sessions, session } = await openedSession();
      const refresh = refresher(sessions, session);
      const invented = makeRefreshToken({ ...session, refreshKey: 'another' }, 1, nextSecret());
      expect((await refresh(invented)).verdict).toBe('invalid');
      const unknown = makeRefreshToken({ ...session, sessionId: '0-none' }, 1, nextSecret());
      expect((await refresh(unknown)).verdict).toBe('invalid');
      const neverStored = makeRefreshToken(session, 1, nextSecret());
      expect((await refresh(neverStored)).verdict).toBe('invalid');
    });

    it('takes one more token for a session, but not for an ended one', async () => {
      const { sessions, session, account } = await openedSession();
      const refresh = refresher(sessions, session);
      const extra = makeRefreshToken(session, 1, nextSecret());
      await sessions.addToken(stored(extra));
      expect((await refresh(extra)).verdict).toBe('rotate');
      await sessions.revoke({ userId: account.userId, code: 'auth.session_revoked', at: START + 2 });
      const late = makeRefreshToken(session, 2, nextSecret());
      await sessions.addToken(stored(late));
      expect((await refresh(late)).verdict).toBe('revoked');
    });

    it('revokes once, only what is the user’s own, and tells which', async () => {
      const { sessions, session, account } = await openedSession();
      const more = anOpening(account.userId).opening.session;
      await sessions.open({ ...anOpening(account.userId).opening, session: more }, 10, HASH);
      const code = 'auth.session_revoked';
      const one = { sessionIds: [session.sessionId], code, at: START + 7 };
      expect(await sessions.revoke({ ...one, userId: '0-somebody-else' })).toEqual([]);
      const twice = await Promise.all([1, 2].map(() => sessions.revoke({ ...one, userId: account.userId })));
      expect(twice.flat()).toEqual([session.sessionId]);
      expect(await sessions.revoke({ userId: account.userId, sessionIds: [], code, at: START + 7 })).toEqual([]);
      expect(await sessions.revokedSince(START + 7)).toEqual([{ sessionId: session.sessionId, revokedAt: START + 7 }]);
      expect(await sessions.revokedSince(START + 8)).toEqual([]);
      expect((await sessions.live(account.userId, START + 8)).map((live) => live.sessionId)).toEqual([more.sessionId]);
      expect(await sessions.revoke({ userId: account.userId, code, at: START + 9 })).toEqual([more.sessionId]);
    });

    it('lets the least recently used session give way to one too many', async () => {
      const { sessions, account, session } = await openedSession();
      const second = anOpening(account.userId, { lastUsedAt: START + 10 }).opening;
      expect(await sessions.open(second, 2, HASH)).toEqual([]);
      const third = anOpening(account.userId, { createdAt: START + 20, lastUsedAt: START + 20 }).opening;
      expect(await sessions.open(third, 2, HASH)).toEqual([session.sessionId]);
      expect((await sessions.live(account.userId, START + 21)).map((live) => live.sessionId)).toEqual([
        third.session.sessionId,
        second.session.sessionId,
      ]);
    });

    it('opens nothing for a password that was changed, or an account that was deleted, while it was checked', async () => {
      const { sessions, accounts, account, session } = await openedSession();
      const { userId } = account;
      const { opening } = anOpening(userId);
      const change = { userId, expectedHash: HASH, passwordHash: 'new', keepSessionId: session.sessionId, at: START };
      await accounts.changePassword(change);
      await expect(sessions.open(opening, 10, HASH)).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
      await expect(sessions.open(opening, 10, 'new')).resolves.toEqual([]);
      await accounts.remove(userId, START + 1);
      const late = anOpening(userId).opening;
      await expect(sessions.open(late, 10, 'new')).rejects.toMatchObject({ code: 'auth.invalid_credentials' });
      expect(await sessions.live(userId, START + 2)).toEqual([]);
    });

    it('forgets what ended long ago and nothing else', async () => {
      const { sessions, session, account } = await openedSession();
      const lasting = anOpening(account.userId, { expiresAt: START + 300 * DAY_MS }).opening;
      await sessions.open(lasting, 10, HASH);
      expect(await sessions.prune(START + 50 * DAY_MS)).toBe(0);
      expect(await sessions.prune(START + 100 * DAY_MS)).toBe(1);
      expect(await sessions.find(session.sessionId)).toBeUndefined();
      expect(await sessions.find(lasting.session.sessionId)).toEqual(lasting.session);
    });
  });
}
