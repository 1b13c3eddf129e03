import type { ConversationId, UserId } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WORLD } from '../domain/conversation.js';
import { ann, bob, cid, dan, deskOver, type Stores, user } from './desk.js';

export interface OpenStores {
  stores: Stores;
  close: () => Promise<void>;
}

const crowd = (count: number) => Array.from({ length: count }, (_, i) => user(`u${String(i).padStart(3, '0')}`));

/** What every ConversationStore with its PendingFacts has to do, seen through the use cases; races included. */
export function conversationStoreContract(name: string, open: () => Promise<OpenStores>): void {
  describe(`ConversationStore: ${name}`, () => {
    let opened: OpenStores;
    let desk: ReturnType<typeof deskOver<Stores>>;

    beforeEach(async () => {
      opened = await open();
      desk = deskOver(opened.stores);
    });
    afterEach(() => opened.close());

    const one = async (id: ConversationId, by: UserId = ann) => (await desk.read.one(by, id)).conversation;
    const names = async (id: ConversationId, limit = 100) =>
      (await desk.conversations.members(id, { limit })).items.map(({ userId }) => userId);

    it('keeps everything of a conversation', async () => {
      const id = await desk.group([bob], { title: 'Ops ☎', description: 'all of it', joinPolicy: 'closed' });
      await desk.govern.announce(ann, id, 'read me');
      expect(await one(id)).toEqual({
        id,
        kind: 'group',
        title: 'Ops ☎',
        description: 'all of it',
        avatarFileId: '',
        ownerId: ann,
        announcement: { text: 'read me', authorId: ann, updatedAt: desk.clock.now() },
        joinPolicy: 'closed',
        sendPolicy: 'members',
        historyBeforeJoin: false,
        createdAt: desk.clock.now(),
        disbanded: false,
        memberCount: 2,
      });
    });

    it('keeps everything of a member, and their settings apart from it', async () => {
      const id = await desk.group();
      await desk.mySettings.execute(bob, id, { muted: true });
      await desk.changeMember.execute(ann, id, bob, { role: 'admin', nickname: 'B', mutedUntil: desk.clock.now() + 9 });
      await desk.mySettings.execute(bob, id, { pinned: true });
      const [view] = await desk.conversations.views(bob, [id]);
      expect(view?.membership).toEqual({
        userId: bob,
        role: 'admin',
        nickname: 'B',
        joinedAt: desk.clock.now(),
        mutedUntil: desk.clock.now() + 9,
        settings: { muted: true, pinned: true, archived: false },
      });
    });

    it('answers views in the order asked, without those that do not exist', async () => {
      const [first, second] = [await desk.group(), await desk.group()];
      const views = await desk.conversations.views(ann, [second, 'nowhere' as ConversationId, first]);
      expect(views.map(({ conversation }) => conversation.id)).toEqual([second, first]);
      expect((await desk.conversations.views(dan, [first]))[0]?.membership).toBeUndefined();
    });

    it('gives settings to members only', async () => {
      const id = await desk.group();
      await expect(desk.mySettings.execute(dan, id, { muted: true })).rejects.toMatchObject({
        code: 'conversation.not_found',
      });
    });

    it('writes nothing of a decision that throws', async () => {
      const id = await desk.group();
      await expect(desk.govern.update(bob, id, { title: 'mine' })).rejects.toThrow();
      expect((await one(id)).title).toBe('Team');
      expect(desk.log.of(id)).toHaveLength(1);
    });

    it('pages members by role, then by the time of joining', async () => {
      const id = await desk.group([dan, cid]);
      desk.clock.advance(10);
      await desk.add.execute(ann, id, [bob]);
      await desk.changeMember.execute(ann, id, bob, { role: 'admin' });
      const first = await desk.conversations.members(id, { limit: 3 });
      expect(first.items.map(({ userId }) => userId)).toEqual([ann, bob, cid]);
      const second = await desk.conversations.members(id, { limit: 3, cursor: first.nextCursor as string });
      expect(second).toMatchObject({ items: [{ userId: dan }] });
      expect(second.nextCursor).toBeUndefined();
    });

    it('pages open rooms, the world first', async () => {
      await desk.ensureWorld.execute();
      const room = { kind: 'room' as const, title: 'r' };
      const [a, b] = [await desk.group([], room), await desk.group([], room)];
      await desk.group([], { ...room, joinPolicy: 'closed' });
      await desk.govern.disband(ann, await desk.group([], room));
      const first = await desk.conversations.openRooms(ann, { limit: 2 });
      expect(first.items.map(({ conversation }) => conversation.id)).toEqual([WORLD, b]);
      expect(first.items[1]?.membership?.role).toBe('owner');
      const second = await desk.conversations.openRooms(ann, { limit: 2, cursor: first.nextCursor as string });
      expect(second.items.map(({ conversation }) => conversation.id)).toEqual([a]);
    });

    it('makes the world once, however many processes start at once', async () => {
      await Promise.all(Array.from({ length: 5 }, () => desk.ensureWorld.execute()));
      await desk.relay.sweep();
      await desk.ensureWorld.execute();
      expect(desk.log.of(WORLD)).toEqual([{ type: 'created', kind: 'room', members: [], historyBeforeJoin: true }]);
    });

    it('creates once per key when many ask at once, and refuses the key for something else', async () => {
      const wish = {
        actorId: ann,
        kind: 'group' as const,
        title: 'x',
        description: '',
        memberIds: [bob, cid],
        idempotencyKey: 'k',
      };
      desk.users.missing.add(cid);
      const made = await Promise.all(Array.from({ length: 6 }, () => desk.create.execute(wish)));
      expect(new Set(made.map(({ conversationId }) => conversationId)).size).toBe(1);
      expect(made.every(({ refused }) => refused.length === 1 && refused[0] === cid)).toBe(true);
      expect(desk.log.facts).toHaveLength(1);
      await expect(desk.create.execute({ ...wish, title: 'y' })).rejects.toMatchObject({
        code: 'conversation.idempotency_conflict',
      });
      const other = await desk.create.execute({ ...wish, actorId: bob });
      expect(other.conversationId).not.toBe(made[0]?.conversationId);
    });

    it('counts members right when many join at once, some of them twice', async () => {
      await desk.ensureWorld.execute();
      const users = crowd(30);
      await Promise.all([...users, ...users.slice(0, 10)].map((each) => desk.join.execute(each, WORLD)));
      expect((await one(WORLD)).memberCount).toBe(30);
      expect(new Set(await names(WORLD))).toEqual(new Set(users));
      const joined = desk.log.of(WORLD).flatMap((body) => (body.type === 'joined' ? body.members : []));
      expect(joined.map(({ userId }) => userId).sort()).toEqual(users);
    });

    it('lets no more than its uses in by an invitation', async () => {
      const id = await desk.group();
      const { code } = await desk.invitations.create(ann, id, 0, 1);
      const tries = await Promise.allSettled([cid, dan].map((each) => desk.join.byInvitation(each, code)));
      expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(tries.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'invitation.used_up' },
      });
      expect(await desk.conversations.findInvitation(code)).toMatchObject({ uses: 1 });
      expect((await one(id)).memberCount).toBe(3);
    });

    it('keeps and revokes invitations', async () => {
      const id = await desk.group();
      const made = await desk.invitations.create(ann, id, 60_000, 5);
      expect(await desk.conversations.invitations(id)).toEqual([made]);
      expect(await desk.conversations.findInvitation(made.code)).toEqual(made);
      const elsewhere = await desk.group();
      await expect(desk.invitations.revoke(ann, elsewhere, made.code)).rejects.toMatchObject({
        code: 'invitation.not_found',
      });
      await desk.invitations.revoke(ann, id, made.code);
      expect(await desk.conversations.findInvitation(made.code)).toBeUndefined();
    });

    it('never loses the owner when owner and heirs leave at once', async () => {
      const users = crowd(8);
      const id = await desk.group(users);
      await Promise.all([ann, ...users.slice(0, 5)].map((each) => desk.leave.execute(each, id)));
      const last = users[7] as UserId;
      const { ownerId, memberCount } = await one(id, last);
      expect(memberCount).toBe(3);
      expect(users.slice(5)).toContain(ownerId);
      expect(await desk.roleOf(id, ownerId as UserId)).toBe('owner');
    });

    it('keeps a mute over leaving and coming back, until it is over', async () => {
      const id = await desk.group([bob, cid], { joinPolicy: 'open' });
      const until = desk.clock.now() + 1000;
      for (let i = 0; i < 2; i += 1) {
        await desk.changeMember.execute(ann, id, bob, { mutedUntil: until + i });
        await desk.leave.execute(bob, id);
        await desk.join.execute(bob, id);
        expect((await desk.read.one(bob, id)).membership?.mutedUntil).toBe(until + i);
      }
      await desk.remove.execute(ann, id, bob);
      desk.clock.advance(2000);
      await desk.add.execute(ann, id, [bob]);
      expect((await desk.read.one(bob, id)).membership?.mutedUntil).toBe(0);
    });

    it('keeps the limit of a group when many are added at once', async () => {
      const small = deskOver(opened.stores, 5);
      const id = await small.group();
      await Promise.allSettled(crowd(10).map((each) => small.add.execute(ann, id, [each])));
      expect((await one(id)).memberCount).toBe(5);
      expect(await names(id)).toHaveLength(5);
    });

    it('numbers pending facts in the order of the decisions and takes them away from the front', async () => {
      const id = await desk.group();
      desk.log.state = 'down';
      for (const title of ['a', 'b', 'c']) await desk.govern.update(ann, id, { title }).catch(() => undefined);
      const facts = await desk.pending.oldest(id, 2);
      expect(facts.map(({ fact }) => fact.body)).toMatchObject([{ data: { title: 'a' } }, { data: { title: 'b' } }]);
      expect(await desk.pending.conversations(10)).toEqual([id]);
      await desk.pending.removeUpTo(id, facts[1]?.no as number);
      expect((await desk.pending.oldest(id, 9)).map(({ fact }) => fact.body)).toMatchObject([{ data: { title: 'c' } }]);
      await desk.pending.removeUpTo(id, Number.MAX_SAFE_INTEGER);
      expect(await desk.pending.conversations(10)).toEqual([]);
    });

    it('brings facts of changes that cross into the log in the order of the decisions', async () => {
      const id = await desk.group(crowd(10));
      await Promise.all(crowd(10).map((each) => desk.remove.execute(ann, id, each)));
      await Promise.all([desk.add.execute(ann, id, [bob]), desk.add.execute(ann, id, [cid])]);
      await Promise.all([desk.remove.execute(ann, id, bob), desk.add.execute(ann, id, [bob])]);
      const here = new Set<string>();
      for (const body of desk.log.of(id)) {
        if (body.type === 'created' || body.type === 'joined') for (const { userId } of body.members) here.add(userId);
        if (body.type === 'gone') here.delete(body.userId);
      }
      expect(here).toEqual(new Set(await names(id)));
      expect(await desk.pending.conversations(10)).toEqual([]);
    });
  });
}
