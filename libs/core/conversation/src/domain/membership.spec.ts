import type { ConversationId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { ann, bob, cid, dan, desk as makeDesk, user } from '../testing/desk.js';
import { WORLD } from './conversation.js';

describe('members', () => {
  let desk: ReturnType<typeof makeDesk>;
  const lowly = { code: 'conversation.role_too_low' };

  beforeEach(() => {
    desk = makeDesk();
  });

  const gone = (id: ConversationId) => desk.log.of(id).filter(({ type }) => type === 'gone');

  it('come in at the creation, but for those who do not exist or block the creator', async () => {
    desk.users.missing.add(cid);
    await desk.blocks.block(dan, ann);
    const made = await desk.create.execute({
      actorId: ann,
      kind: 'group',
      title: 't',
      description: '',
      memberIds: [bob, cid, dan, bob, ann],
      idempotencyKey: '',
    });
    expect(made.refused).toEqual([cid, dan]);
    expect(desk.log.of(made.conversationId)).toEqual([
      {
        type: 'created',
        kind: 'group',
        members: [
          { userId: ann, role: 'owner' },
          { userId: bob, role: 'member' },
        ],
        historyBeforeJoin: false,
      },
    ]);
  });

  it('are added by owner and admins, and by anyone where anyone may join', async () => {
    const id = await desk.group([bob]);
    await expect(desk.add.execute(bob, id, [cid])).rejects.toMatchObject(lowly);
    const first = await desk.add.execute(ann, id, [cid, bob, cid]);
    expect(first.members.map(({ userId }) => userId)).toEqual([cid, bob]);
    await desk.govern.update(ann, id, { joinPolicy: 'open' });
    await desk.add.execute(bob, id, [dan]);
    await desk.add.execute(bob, id, [dan]);
    const joins = desk.log.of(id).filter(({ type }) => type === 'joined');
    expect(joins).toEqual([cid, dan].map((userId) => ({ type: 'joined', members: [{ userId, role: 'member' }] })));
  });

  it('join what is open and nothing else', async () => {
    const hidden = { code: 'conversation.not_found' };
    const id = await desk.group([bob], { joinPolicy: 'open' });
    expect((await desk.read.one(cid, id)).membership).toBeUndefined();
    await desk.join.execute(cid, id);
    await desk.join.execute(cid, id);
    expect((await desk.read.one(cid, id)).conversation.memberCount).toBe(3);
    await expect(desk.join.execute(dan, await desk.group([]))).rejects.toMatchObject(hidden);
    await desk.govern.disband(ann, id);
    await expect(desk.join.execute(dan, id)).rejects.toMatchObject(hidden);
  });

  it('leave; an owner hands over to the oldest admin, else to the oldest member', async () => {
    const id = await desk.group([dan]);
    desk.clock.advance(1);
    await desk.add.execute(ann, id, [cid]);
    desk.clock.advance(1);
    await desk.add.execute(ann, id, [bob]);
    await desk.changeMember.execute(ann, id, bob, { role: 'admin' });
    desk.log.facts.length = 0;
    await desk.leave.execute(ann, id);
    expect(desk.log.of(id)).toEqual([
      { type: 'changed', userId: bob, role: 'owner', data: { userId: bob, role: 'owner' } },
      { type: 'gone', userId: ann, removed: false },
    ]);
    await desk.leave.execute(bob, id);
    expect((await desk.read.one(dan, id)).conversation).toMatchObject({ ownerId: dan, memberCount: 2 });
  });

  it('disband by the last one leaving, but never the world', async () => {
    const id = await desk.group([]);
    await desk.leave.execute(ann, id);
    expect(desk.log.of(id).map(({ type }) => type)).toEqual(['created', 'gone', 'disbanded']);
    await desk.ensureWorld.execute();
    await desk.join.execute(ann, WORLD);
    await desk.leave.execute(ann, WORLD);
    await desk.join.execute(bob, WORLD);
    expect(await desk.roleOf(WORLD, bob)).toBe('member');
    await expect(desk.govern.update(bob, WORLD, { title: 'Mine' })).rejects.toMatchObject(lowly);
    await expect(desk.govern.disband(bob, WORLD)).rejects.toMatchObject(lowly);
  });

  it('are removed by who is higher; a repeat is answered alike', async () => {
    const id = await desk.group([bob, cid, dan]);
    for (const admin of [bob, cid]) await desk.changeMember.execute(ann, id, admin, { role: 'admin' });
    await expect(desk.remove.execute(dan, id, bob)).rejects.toMatchObject(lowly);
    await expect(desk.remove.execute(bob, id, cid)).rejects.toMatchObject(lowly);
    await expect(desk.remove.execute(bob, id, ann)).rejects.toMatchObject(lowly);
    await desk.remove.execute(bob, id, dan);
    await desk.remove.execute(bob, id, dan);
    await desk.remove.execute(ann, id, bob);
    expect(gone(id)).toEqual([dan, bob].map((userId) => ({ type: 'gone', userId, removed: true })));
  });

  it('stop at the limit of a group, not of a room', async () => {
    desk = makeDesk(3);
    const full = { code: 'conversation.full' };
    await expect(desk.group([bob, cid, dan])).rejects.toMatchObject(full);
    const id = await desk.group([bob]);
    await expect(desk.add.execute(ann, id, [cid, dan])).rejects.toMatchObject(full);
    await desk.add.execute(ann, id, [cid]);
    const { code } = await desk.invitations.create(ann, id, 0, 1);
    await expect(desk.join.byInvitation(dan, code)).rejects.toMatchObject(full);
    expect(await desk.conversations.findInvitation(code)).toMatchObject({ uses: 0 });
    await desk.group([bob, cid, dan, user('eve')], { kind: 'room' });
  });
});

describe('invitations', () => {
  it('let in until they expire, are used up, are revoked or the policy closes', async () => {
    const desk = makeDesk();
    const id = await desk.group([bob]);
    const expiring = await desk.invitations.create(ann, id, 1000, 0);
    const twice = await desk.invitations.create(ann, id, 0, 2);
    expect(twice.expiresAt).toBe(desk.clock.now() + 7 * 24 * 3600 * 1000);
    expect(await desk.join.byInvitation(cid, twice.code)).toBe(id);
    expect(await desk.join.byInvitation(cid, twice.code)).toBe(id);
    expect(await desk.join.byInvitation(bob, twice.code)).toBe(id);
    expect(await desk.conversations.findInvitation(twice.code)).toMatchObject({ uses: 1 });
    await desk.join.byInvitation(dan, twice.code);
    const eve = user('eve');
    await expect(desk.join.byInvitation(eve, twice.code)).rejects.toMatchObject({ code: 'invitation.used_up' });
    expect((await desk.invitations.list(ann, id)).map(({ code }) => code)).toEqual([expiring.code]);
    desk.clock.advance(1000);
    await expect(desk.join.byInvitation(eve, expiring.code)).rejects.toMatchObject({ code: 'invitation.expired' });
    const gone = { code: 'invitation.not_found' };
    await expect(desk.join.byInvitation(eve, 'guess')).rejects.toMatchObject(gone);
    const open = await desk.invitations.create(ann, id, 0, 0);
    await desk.govern.update(ann, id, { joinPolicy: 'closed' });
    await expect(desk.join.byInvitation(eve, open.code)).rejects.toMatchObject(gone);
    await expect(desk.invitations.create(ann, id, 0, 0)).rejects.toMatchObject({ code: 'conversation.role_too_low' });
    await desk.govern.disband(ann, id);
  });

  it('belong to owner and admins, and in an open conversation to who made them', async () => {
    const desk = makeDesk();
    const id = await desk.group([bob, cid], { joinPolicy: 'open' });
    const mine = await desk.invitations.create(bob, id, 0, 0);
    const other = await desk.invitations.create(ann, id, 0, 0);
    expect((await desk.invitations.list(bob, id)).map(({ code }) => code)).toEqual([mine.code]);
    expect(await desk.invitations.list(ann, id)).toHaveLength(2);
    await expect(desk.invitations.revoke(bob, id, other.code)).rejects.toMatchObject({ code: 'invitation.not_found' });
    await desk.invitations.revoke(bob, id, mine.code);
    await desk.govern.disband(ann, id);
    await expect(desk.join.byInvitation(dan, other.code)).rejects.toMatchObject({ code: 'conversation.disbanded' });
  });
});
