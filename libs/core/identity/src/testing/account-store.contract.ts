import { DomainError } from '@parley/kernel';
import { describe, expect, it } from 'vitest';
import { aGuest, anAccount, anOpening, HASH, START } from './builders.js';
import type { IdentityStores } from './stores.js';

const LIMIT = { limit: 10 };
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (error: unknown) => (DomainError.is(error) ? error.code : error),
  );

/** What every AccountStore does, whatever stores it. */
export function accountStoreContract(open: () => Promise<IdentityStores>): void {
  describe('AccountStore', () => {
    it('gives back what was stored, by id and by folded name', async () => {
      const { accounts, sessions } = await open();
      const ann = anAccount({ username: 'Ann.Lee', displayName: 'Ann “Lee” 李', mustChangePassword: true });
      const { opening } = anOpening(ann.userId);
      await accounts.create(ann, opening);
      expect(await accounts.find(ann.userId)).toEqual(ann);
      expect(await accounts.findByUsername('ann.lee')).toEqual(ann);
      expect(await accounts.findByUsername('Ann.Lee')).toBeUndefined();
      expect(await accounts.find('0-nobody')).toBeUndefined();
      expect(await sessions.find(opening.session.sessionId)).toEqual(opening.session);
      expect(await accounts.findMany([])).toEqual([]);
      expect(await accounts.findMany(['0-nobody', ann.userId])).toEqual([ann]);
    });

    it('gives a username to one of those who ask for it at once, in whatever letter case, and leaves nothing of the others', async () => {
      const { accounts, sessions } = await open();
      const rivals = ['sam', 'SAM', 'Sam', 'sAm', 'saM'].map((username) => anAccount({ username }));
      const openings = rivals.map(({ userId }) => anOpening(userId).opening);
      const outcomes = await Promise.all(rivals.map((rival, i) => codeOf(accounts.create(rival, openings[i]))));
      expect(outcomes.filter((code) => code === 'ok')).toHaveLength(1);
      expect(outcomes.filter((code) => code === 'auth.username_taken')).toHaveLength(4);
      const kept = await Promise.all(openings.map(({ session }) => sessions.find(session.sessionId)));
      expect(kept.filter((session) => session !== undefined)).toHaveLength(1);
    });

    it('lets any number of guests have no username', async () => {
      const { accounts } = await open();
      const guests = [aGuest(), aGuest()];
      for (const guest of guests) await accounts.create(guest);
      expect(await accounts.find(guests[1]!.userId)).toEqual(guests[1]);
      expect(await accounts.findByUsername('')).toBeUndefined();
    });

    it('upgrades a guest once, also when asked twice at once', async () => {
      const { accounts } = await open();
      const guest = aGuest();
      await accounts.create(guest);
      const to = (username: string) => accounts.upgrade(guest.userId, { username, passwordHash: 'h' }, START);
      const outcomes = await Promise.all([codeOf(to('first_name')), codeOf(to('second_name'))]);
      expect(outcomes.sort()).toEqual(['auth.not_a_guest', 'ok']);
      expect(await accounts.find(guest.userId)).toMatchObject({ kind: 'user', passwordHash: 'h' });
    });

    it('refuses an upgrade to a taken name and leaves the guest a guest', async () => {
      const { accounts } = await open();
      const guest = aGuest();
      await accounts.create(anAccount({ username: 'taken' }));
      await accounts.create(guest);
      const upgrade = accounts.upgrade(guest.userId, { username: 'TAKEN', passwordHash: 'h' }, START);
      expect(await codeOf(upgrade)).toBe('auth.username_taken');
      expect(await accounts.find(guest.userId)).toEqual(guest);
    });

    it('finds by the beginning of the username, of the name and of its words, everybody once, over pages', async () => {
      const { accounts } = await open();
      const zoe = anAccount({ username: 'zed', displayName: 'Zoë Zimmer-Frei' });
      const alf = anAccount({ username: 'zulu', displayName: 'Alf' });
      const eve = anAccount({ username: 'evelyn', displayName: 'ＺＡＺＩＥ' });
      for (const one of [zoe, alf, eve]) await accounts.create(one);
      const names = async (prefix: string) =>
        (await accounts.search(prefix, LIMIT)).items.map((account) => account.username);
      expect(await names('z')).toEqual(['evelyn', 'zed', 'zulu']);
      expect(await names('frei')).toEqual(['zed']);
      expect(await names('zoë zim')).toEqual(['zed']);
      expect(await names('zazie')).toEqual(['evelyn']);
      expect(await names('oë')).toEqual([]);
      expect(await names('%')).toEqual([]);
      const first = await accounts.search('z', { limit: 2 });
      expect(first.items).toHaveLength(2);
      const second = await accounts.search('z', { limit: 2, cursor: first.nextCursor! });
      expect(second.items.map((account) => account.username)).toEqual(['zulu']);
      expect(second.nextCursor).toBeUndefined();
    });

    it('searches among the users named, and among nobody else', async () => {
      const { accounts } = await open();
      const all = ['xena', 'xaver', 'yara', 'xanthe'].map((username) => anAccount({ username, displayName: 'Q' }));
      for (const one of all) await accounts.create(one);
      const names = async (prefix: string, among: string[], limit = 10, cursor?: string) => {
        const page = await accounts.search(prefix, { limit, ...(cursor === undefined ? {} : { cursor }) }, among);
        return { names: page.items.map(({ username }) => username), next: page.nextCursor };
      };
      const [xena, xaver, yara] = all.map(({ userId }) => userId) as [string, string, string];
      expect((await names('x', [xena, xaver, yara, '0-nobody'])).names).toEqual(['xaver', 'xena']);
      expect((await names('x', [yara])).names).toEqual([]);
      const first = await names('x', [xena, xaver], 1);
      expect((await names('x', [xena, xaver], 1, first.next)).names).toEqual(['xena']);
    });

    it('finds people by the name they have now', async () => {
      const { accounts } = await open();
      const ann = anAccount({ displayName: 'Before' });
      await accounts.create(ann);
      const changed = await accounts.updateProfile(ann.userId, { displayName: 'After', avatarFileId: 'f1' }, START);
      expect(changed).toEqual({ ...ann, displayName: 'After', avatarFileId: 'f1' });
      expect((await accounts.search('before', LIMIT)).items).toEqual([]);
      expect((await accounts.search('after', LIMIT)).items).toEqual([changed]);
      expect(await codeOf(accounts.updateProfile('0-nobody', {}, START))).toBe('user.not_found');
    });

    it('lists the newest first, in pages, and refuses a cursor of its own invention', async () => {
      const { accounts } = await open();
      const all = [0, 1, 1, 2].map((offset) => anAccount({ createdAt: START + offset }));
      for (const one of all) await accounts.create(one);
      const first = await accounts.list({ limit: 3 });
      const second = await accounts.list({ limit: 3, cursor: first.nextCursor! });
      expect([...first.items, ...second.items].map((one) => one.userId)).toEqual(
        all.map((one) => one.userId).reverse(),
      );
      expect(await codeOf(accounts.list({ limit: 3, cursor: 'nonsense' }))).toBe('request.invalid');
    });

    it('changes a password once for one known password, ends all sessions but one', async () => {
      const { accounts, sessions } = await open();
      const ann = anAccount({ mustChangePassword: true });
      const kept = anOpening(ann.userId).opening;
      const other = anOpening(ann.userId).opening;
      await accounts.create(ann, kept);
      await sessions.open(other, 10, HASH);
      const change = (passwordHash: string) =>
        accounts.changePassword({
          userId: ann.userId,
          expectedHash: HASH,
          passwordHash,
          keepSessionId: kept.session.sessionId,
          at: START + 5,
        });
      const outcomes = await Promise.all([
        change('new 1').catch(() => 'refused'),
        change('new 2').catch(() => 'refused'),
      ]);
      expect(outcomes).toContain('refused');
      expect(outcomes).toContainEqual([other.session.sessionId]);
      expect(await accounts.find(ann.userId)).toMatchObject({ mustChangePassword: false });
      expect(await sessions.find(other.session.sessionId)).toMatchObject({ revokedAt: START + 5 });
      expect((await sessions.find(kept.session.sessionId))?.revokedAt).toBeUndefined();
    });

    it('resets a password: it must be changed, and every session ends', async () => {
      const { accounts } = await open();
      const ann = anAccount();
      const { opening } = anOpening(ann.userId);
      await accounts.create(ann, opening);
      expect(await accounts.resetPassword(ann.userId, 'reset', START + 1)).toEqual([opening.session.sessionId]);
      expect(await accounts.find(ann.userId)).toMatchObject({ passwordHash: 'reset', mustChangePassword: true });
    });

    it('leaves a tombstone: the name is free again, nothing is found, sessions end, a repeat ends nothing', async () => {
      const { accounts, sessions } = await open();
      const ann = anAccount({ username: 'leaving', displayName: 'Leaving Soon' });
      const { opening } = anOpening(ann.userId);
      await accounts.create(ann, opening);
      expect(await accounts.remove(ann.userId, START + 9)).toEqual([opening.session.sessionId]);
      expect(await accounts.remove(ann.userId, START + 10)).toEqual([]);
      expect(await accounts.find(ann.userId)).toEqual({
        userId: ann.userId,
        kind: 'user',
        username: '',
        displayName: '',
        avatarFileId: '',
        mustChangePassword: false,
        createdAt: START,
        deletedAt: START + 9,
      });
      expect(await sessions.live(ann.userId, START + 10)).toEqual([]);
      expect((await accounts.search('leaving', LIMIT)).items).toEqual([]);
      expect((await accounts.list(LIMIT)).items).toEqual([]);
      expect(await codeOf(accounts.updateProfile(ann.userId, {}, START))).toBe('user.not_found');
      await accounts.create(anAccount({ username: 'leaving' }));
    });
  });
}
