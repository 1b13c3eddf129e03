import type { ConversationId, FileId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { ann, bob, cid, dan, desk as makeDesk } from '../testing/desk.js';

describe('governing a conversation', () => {
  let desk: ReturnType<typeof makeDesk>;
  let id: ConversationId;
  const refused = { code: 'conversation.role_too_low' };

  /** ann owns, bob is admin, cid is a member, dan is not. */
  beforeEach(async () => {
    desk = makeDesk();
    id = await desk.group([bob, cid]);
    await desk.changeMember.execute(ann, id, bob, { role: 'admin' });
    desk.log.facts.length = 0;
  });

  it('lets owner and admins change title, description, avatar and policy, and tells only what changed', async () => {
    await desk.govern.update(bob, id, { title: 'New', description: '', avatarFileId: 'f1' as FileId });
    await desk.govern.update(ann, id, { title: 'New', avatarFileId: '', joinPolicy: 'open' });
    await desk.govern.update(ann, id, { title: 'New', description: undefined });
    expect(desk.log.of(id)).toEqual([
      { type: 'event', event: 'conversation.changed', data: { title: 'New', avatarFileId: 'f1' } },
      { type: 'event', event: 'conversation.changed', data: { avatarFileId: null, joinPolicy: 'open' } },
    ]);
    await expect(desk.govern.update(cid, id, { title: 'x' })).rejects.toMatchObject(refused);
  });

  it('hides a conversation from who is not in it, whatever they try', async () => {
    const hidden = { code: 'conversation.not_found' };
    await expect(desk.govern.update(dan, id, { title: 'x' })).rejects.toMatchObject(hidden);
    await expect(desk.govern.announce(dan, id, 'x')).rejects.toMatchObject(hidden);
    await expect(desk.govern.disband(dan, id)).rejects.toMatchObject(hidden);
    await expect(desk.changeMember.execute(dan, id, cid, { nickname: 'x' })).rejects.toMatchObject(hidden);
    await expect(desk.remove.execute(dan, id, cid)).rejects.toMatchObject(hidden);
    await expect(desk.leave.execute(dan, id)).rejects.toMatchObject(hidden);
    await expect(desk.read.members(dan, id, { limit: 5 })).rejects.toMatchObject(hidden);
    await expect(desk.read.one(dan, id)).rejects.toMatchObject(hidden);
    await expect(desk.invitations.list(dan, id)).rejects.toMatchObject(hidden);
    await expect(desk.govern.update(ann, 'nowhere' as ConversationId, { title: 'x' })).rejects.toMatchObject(hidden);
  });

  it('lets owner and admins announce', async () => {
    expect(await desk.govern.announce(bob, id, 'tea at five')).toEqual({
      text: 'tea at five',
      authorId: bob,
      updatedAt: desk.clock.now(),
    });
    expect(desk.log.of(id)).toEqual([
      {
        type: 'event',
        event: 'announcement.changed',
        data: { text: 'tea at five', authorId: bob, updatedAt: '2025-01-01T00:00:00.000Z' },
      },
    ]);
    await expect(desk.govern.announce(cid, id, 'no')).rejects.toMatchObject(refused);
  });

  it('lets only the owner give roles', async () => {
    await expect(desk.changeMember.execute(bob, id, cid, { role: 'admin' })).rejects.toMatchObject(refused);
    await expect(desk.changeMember.execute(cid, id, cid, { role: 'admin' })).rejects.toMatchObject(refused);
    await expect(desk.changeMember.execute(ann, id, ann, { role: 'member' })).rejects.toMatchObject(refused);
    await desk.changeMember.execute(ann, id, bob, { role: 'member' });
    expect(await desk.roleOf(id, bob)).toBe('member');
    await expect(desk.changeMember.execute(ann, id, dan, { role: 'admin' })).rejects.toMatchObject({
      code: 'conversation.member_not_found',
    });
  });

  it('hands ownership over without ever having two owners', async () => {
    await desk.changeMember.execute(ann, id, cid, { role: 'owner' });
    expect([await desk.roleOf(id, ann), await desk.roleOf(id, cid)]).toEqual(['admin', 'owner']);
    expect((await desk.read.one(ann, id)).conversation.ownerId).toBe(cid);
    expect(desk.log.of(id)).toEqual([
      { type: 'changed', userId: ann, role: 'admin', data: { userId: ann, role: 'admin' } },
      { type: 'changed', userId: cid, role: 'owner', data: { userId: cid, role: 'owner' } },
    ]);
  });

  it('mutes only downwards, until a time, and lifts', async () => {
    const until = desk.clock.now() + 60_000;
    await desk.changeMember.execute(bob, id, cid, { mutedUntil: until });
    await desk.changeMember.execute(bob, id, cid, { mutedUntil: until });
    await desk.changeMember.execute(ann, id, cid, { mutedUntil: desk.clock.now() - 1 });
    expect(desk.log.of(id)).toEqual([
      {
        type: 'changed',
        userId: cid,
        mutedUntil: until,
        data: { userId: cid, mutedUntil: new Date(until).toISOString() },
      },
      { type: 'changed', userId: cid, mutedUntil: 0, data: { userId: cid, mutedUntil: null } },
    ]);
    await expect(desk.changeMember.execute(bob, id, ann, { mutedUntil: until })).rejects.toMatchObject(refused);
    await expect(desk.changeMember.execute(cid, id, bob, { mutedUntil: until })).rejects.toMatchObject(refused);
    await expect(desk.changeMember.execute(ann, id, ann, { mutedUntil: until })).rejects.toMatchObject(refused);
  });

  it('lets members name themselves and those below them', async () => {
    expect(await desk.changeMember.execute(cid, id, cid, { nickname: 'C' })).toMatchObject({ nickname: 'C' });
    await desk.changeMember.execute(bob, id, cid, { nickname: 'CC' });
    await expect(desk.changeMember.execute(cid, id, bob, { nickname: 'x' })).rejects.toMatchObject(refused);
    expect(desk.log.of(id).map((body) => 'data' in body && body.data)).toEqual([
      { userId: cid, nickname: 'C' },
      { userId: cid, nickname: 'CC' },
    ]);
  });

  it('lets the owner disband, once; then nothing changes any more but one can leave', async () => {
    await expect(desk.govern.disband(bob, id)).rejects.toMatchObject(refused);
    await desk.govern.disband(ann, id);
    await desk.govern.disband(ann, id);
    const over = { code: 'conversation.disbanded' };
    await expect(desk.govern.update(ann, id, { title: 'x' })).rejects.toMatchObject(over);
    await expect(desk.add.execute(ann, id, [dan])).rejects.toMatchObject(over);
    await desk.leave.execute(ann, id);
    expect(desk.log.of(id)).toEqual([{ type: 'disbanded' }, { type: 'gone', userId: ann, removed: false }]);
    expect((await desk.read.one(cid, id)).conversation.disbanded).toBe(true);
  });

  it('keeps direct conversations and notes to oneself as they are', async () => {
    const fixed = { code: 'conversation.fixed' };
    const direct = (await desk.openDirect.execute(ann, bob)).conversationId;
    const notes = (await desk.openDirect.execute(ann, ann)).conversationId;
    for (const conversation of [direct, notes]) {
      await expect(desk.govern.update(ann, conversation, { title: 'x' })).rejects.toMatchObject(fixed);
      await expect(desk.add.execute(ann, conversation, [cid])).rejects.toMatchObject(fixed);
      await expect(desk.leave.execute(ann, conversation)).rejects.toMatchObject(fixed);
      await expect(desk.govern.disband(ann, conversation)).rejects.toMatchObject(fixed);
      await expect(desk.invitations.create(ann, conversation, 0, 0)).rejects.toMatchObject(fixed);
    }
    await expect(desk.changeMember.execute(ann, direct, bob, { mutedUntil: 1e15 })).rejects.toMatchObject(fixed);
    await expect(desk.changeMember.execute(ann, notes, ann, { nickname: 'me' })).rejects.toMatchObject(fixed);
    expect(await desk.changeMember.execute(ann, direct, ann, { nickname: 'A' })).toMatchObject({ nickname: 'A' });
  });
});
