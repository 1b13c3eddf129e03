import type { ConversationId, UserId } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenStores } from './conversation-store.contract.js';
import { ann, bob, cid, dan, deskOver, type Stores, user } from './desk.js';

const crowd = (count: number) => Array.from({ length: count }, (_, i) => user(`u${String(i).padStart(3, '0')}`));

/** What every ConversationStore has to do for who is found, invited, removed and let in again, seen through the use cases; races included. */
export function membersContract(name: string, open: () => Promise<OpenStores>): void {
  describe(`members of a ConversationStore: ${name}`, () => {
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

    it('keeps who was removed out until owner or admins let them in again', async () => {
      const id = await desk.group([bob, cid], { joinPolicy: 'open' });
      const barred = { code: 'conversation.removed_member' };
      const before = await desk.invitations.create(ann, id, 0, 0);
      await desk.remove.execute(ann, id, bob);
      await expect(desk.join.execute(bob, id)).rejects.toMatchObject(barred);
      await expect(desk.join.byInvitation(bob, before.code)).rejects.toMatchObject(barred);
      await expect(desk.preview.execute(bob, before.code)).rejects.toMatchObject(barred);
      const ofMember = await desk.invitations.create(cid, id, 0, 0);
      await expect(desk.join.byInvitation(bob, ofMember.code)).rejects.toMatchObject(barred);
      expect(await desk.add.execute(cid, id, [bob, dan])).toMatchObject({ members: [{ userId: dan }], refused: [bob] });
      const after = await desk.invitations.create(ann, id, 0, 0);
      await desk.join.byInvitation(bob, after.code);
      await desk.leave.execute(bob, id);
      await desk.join.execute(bob, id);
      await desk.remove.execute(ann, id, bob);
      await expect(desk.join.byInvitation(bob, after.code)).rejects.toMatchObject(barred);
      expect((await desk.add.execute(ann, id, [bob])).members).toMatchObject([{ userId: bob }]);
      await desk.leave.execute(bob, id);
      await desk.join.execute(bob, id);
      expect(await names(id)).toContain(bob);
    });

    it('lets nobody slip back in who joins while being removed', async () => {
      const users = crowd(12);
      const id = await desk.group(users, { joinPolicy: 'open' });
      const { code } = await desk.invitations.create(ann, id, 0, 0);
      await Promise.allSettled(
        users.flatMap((each) => [
          desk.join.execute(each, id),
          desk.remove.execute(ann, id, each),
          desk.join.execute(each, id),
          desk.join.byInvitation(each, code),
        ]),
      );
      expect(await names(id)).toEqual([ann]);
      expect((await one(id)).memberCount).toBe(1);
    });

    it('shows what an invitation leads to, refuses what accepting would, and writes nothing', async () => {
      const id = await desk.group([], { joinPolicy: 'invitation' });
      const { code } = await desk.invitations.create(ann, id, 60_000, 1);
      expect(await desk.preview.execute(cid, code)).toMatchObject({
        conversation: { id, title: 'Team', memberCount: 1 },
        invitation: { code, createdBy: ann, uses: 0 },
        alreadyMember: false,
      });
      expect(await desk.preview.execute(ann, code)).toMatchObject({ alreadyMember: true });
      expect((await one(id)).memberCount).toBe(1);
      await desk.join.byInvitation(bob, code);
      const refusal = (asked: string) =>
        desk.preview.execute(cid, asked).then(String, (error: { code: string }) => error.code);
      expect(await refusal(code)).toBe('invitation.used_up');
      const brief = await desk.invitations.create(ann, id, 1000, 0);
      desk.clock.advance(1000);
      expect(await refusal(brief.code)).toBe('invitation.expired');
      const late = await desk.invitations.create(ann, id, 0, 0);
      await desk.govern.disband(ann, id);
      expect(await refusal(late.code)).toBe('conversation.disbanded');
      expect(await refusal('nothing')).toBe('invitation.not_found');
    });

    it('finds members by nickname and by what users are called, nicknames first', async () => {
      const id = await desk.group([bob, cid, dan]);
      await desk.changeMember.execute(ann, id, cid, { nickname: '  Ｂig  Boss ' });
      await desk.changeMember.execute(ann, id, dan, { nickname: 'Dad' });
      const find = async (text: string, limit = 10) =>
        (await desk.searchMembers.execute(ann, id, text, limit)).map(({ userId }) => userId);
      expect(await find('b')).toEqual([cid, bob]);
      expect(await find('BIG b')).toEqual([cid]);
      expect(await find('b', 1)).toEqual([cid]);
      expect(await find('d')).toEqual([dan]);
      expect([await find('%'), await find(' '), await find('oss')]).toEqual([[], [], []]);
      await desk.changeMember.execute(ann, id, cid, { nickname: '' });
      expect(await find('big')).toEqual([]);
      await expect(desk.searchMembers.execute(user('eve'), id, 'b', 5)).rejects.toMatchObject({
        code: 'conversation.not_found',
      });
    });

    it('answers one member, to members', async () => {
      const id = await desk.group();
      expect(await desk.read.member(ann, id, bob)).toMatchObject({ userId: bob, role: 'member' });
      await expect(desk.read.member(ann, id, dan)).rejects.toMatchObject({ code: 'conversation.member_not_found' });
      await expect(desk.read.member(dan, id, bob)).rejects.toMatchObject({ code: 'conversation.not_found' });
      expect((await desk.conversations.membersAmong(id, [dan, bob, ann])).map(({ userId }) => userId)).toEqual([
        ann,
        bob,
      ]);
      expect(await desk.conversations.membersAmong(id, [])).toEqual([]);
    });

    it('keeps who may send, and hands it to the log with the change', async () => {
      const id = await desk.group();
      await desk.govern.update(ann, id, { sendPolicy: 'admins', title: 'News' });
      await desk.govern.update(ann, id, { sendPolicy: 'admins' });
      expect(await one(id)).toMatchObject({ sendPolicy: 'admins', title: 'News' });
      await desk.govern.update(ann, id, { title: 'New' });
      expect(desk.log.of(id).slice(1)).toEqual([
        {
          type: 'event',
          event: 'conversation.changed',
          data: { sendPolicy: 'admins', title: 'News' },
          sendPolicy: 'admins',
        },
        { type: 'event', event: 'conversation.changed', data: { title: 'New' } },
      ]);
    });
  });
}
