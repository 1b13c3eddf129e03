import { conversationEventsV1, type conversationV1 } from '@parley/contracts/rpc';
import { eventually } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CollectedLog } from '@parley/platform/testing';
import { GatewayDouble, MessageDouble, type Running, startService, temporaryDirectory } from './running-service.js';

const page = { cursor: '', limit: 0 };
const newGroup: conversationV1.CreateConversationRequest = {
  actorId: 'ann',
  kind: 'group',
  title: 'Team',
  memberIds: ['bob'],
  joinPolicy: '',
  historyBeforeJoin: undefined,
  description: '',
  idempotencyKey: '',
};

describe('the conversation service', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let message: MessageDouble;
  let log: CollectedLog;
  let gateway: GatewayDouble;
  let service: Running;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    message = new MessageDouble();
    log = new CollectedLog();
    gateway = new GatewayDouble();
    service = await startService(directory.path, message, log, gateway);
  });
  afterEach(async () => {
    await service.stop();
    await directory.remove();
  });

  const group = async (more: Partial<conversationV1.CreateConversationRequest> = {}) => {
    const { conversation } = await service.conversations.createConversation({ ...newGroup, ...more });
    return conversation?.conversationId as string;
  };
  const kinds = (id: string) =>
    message.of(id).map((fact) => Object.keys(fact).find((part) => typeof fact[part as 'created'] === 'object'));

  describe('facts and the message service', () => {
    it('answers a removal only when the message service has it', async () => {
      const conversationId = await group();
      let open = () => {};
      message.gate = new Promise((resolve) => {
        open = resolve;
      });
      let answered = false;
      const removal = service.conversations.removeMember({ actorId: 'ann', conversationId, userId: 'bob' }).then(() => {
        answered = true;
      });
      await service.conversations.listMembers({ actorId: 'ann', conversationId, page });
      expect(answered).toBe(false);
      expect(kinds(conversationId)).toEqual(['created']);
      open();
      await removal;
      expect(kinds(conversationId)).toEqual(['created', 'gone']);
    });

    it('answers a removal only when the gateways let nothing more through, and tells them again what one has not heard', async () => {
      const conversationId = await group({ memberIds: ['bob', 'cid'] });
      gateway.isSilent = true;
      const remove = () => service.conversations.removeMember({ actorId: 'ann', conversationId, userId: 'bob' });
      await expect(remove()).rejects.toMatchObject({ code: 'server.unavailable', kind: 'unavailable' });
      await expect(remove(), 'a repeat').rejects.toMatchObject({ code: 'server.unavailable' });
      gateway.isSilent = false;
      await eventually('the sweep', () => gateway.departures.length > 0);
      const seqOf = (userId: string) => 1 + message.facts.findIndex((fact) => fact.gone?.userId === userId);
      expect(gateway.departures).toEqual([{ conversationId, userIds: ['bob'], seq: seqOf('bob') }]);
      await service.conversations.leaveConversation({ actorId: 'cid', conversationId });
      expect(gateway.departures[1]).toEqual({ conversationId, userIds: ['cid'], seq: seqOf('cid') });
      expect(kinds(conversationId)).toEqual(['created', 'gone', 'gone']);
    });

    it('does not show out who has come back by the time the gateways can be told', async () => {
      const conversationId = await group();
      message.state = 'down';
      const later = { code: 'server.unavailable' };
      const back = { actorId: 'ann', conversationId, userIds: ['bob'] };
      await expect(
        service.conversations.removeMember({ actorId: 'ann', conversationId, userId: 'bob' }),
      ).rejects.toMatchObject(later);
      await expect(service.conversations.addMembers(back)).rejects.toMatchObject(later);
      message.state = 'up';
      await service.conversations.addMembers(back);
      expect(kinds(conversationId)).toEqual(['created', 'gone', 'joined']);
      expect(gateway.departures).toEqual([]);
    });

    it.each(['down', 'deaf'] as const)(
      'heals by the sweep, without doubles, after the message service was %s',
      async (state) => {
        const conversationId = await group();
        message.state = state;
        await expect(
          service.conversations.removeMember({ actorId: 'ann', conversationId, userId: 'bob' }),
        ).rejects.toMatchObject({ code: 'server.unavailable', kind: 'unavailable' });
        await expect(
          service.conversations.addMembers({ actorId: 'ann', conversationId, userIds: ['cid', 'bob'] }),
        ).rejects.toMatchObject({ code: 'server.unavailable' });
        message.state = 'up';
        await eventually('the sweep', () => kinds(conversationId).length === 3);
        expect(kinds(conversationId)).toEqual(['created', 'gone', 'joined']);
        await service.conversations.addMembers({ actorId: 'ann', conversationId, userIds: ['cid', 'bob'] });
        expect(kinds(conversationId)).toEqual(['created', 'gone', 'joined']);
      },
    );

    it('appends what a process left behind that died between commit and append, in order', async () => {
      const conversationId = await group();
      message.state = 'down';
      const update = { actorId: 'ann', conversationId, avatarFileId: undefined, joinPolicy: undefined };
      for (const title of ['one', 'two'])
        await service.conversations
          .updateConversation({ ...update, title, description: undefined })
          .catch(() => undefined);
      await service.conversations.leaveConversation({ actorId: 'ann', conversationId }).catch(() => undefined);
      await service.stop();
      message.state = 'up';
      service = await startService(directory.path, message, log);
      await eventually('the sweep of the new process', () => message.of(conversationId).length === 5);
      expect(message.of(conversationId).map(({ event, changed, gone }) => event ?? changed ?? gone)).toEqual([
        undefined,
        { type: 'conversation.changed', dataJson: '{"title":"one"}', sendPolicy: '' },
        { type: 'conversation.changed', dataJson: '{"title":"two"}', sendPolicy: '' },
        { userId: 'bob', role: 'owner', mutedUntil: -1, dataJson: '{"userId":"bob","role":"owner"}' },
        { userId: 'ann', removed: false },
      ]);
    });

    it('makes the world at the first start only', async () => {
      await eventually('the world', () => message.of('world').length === 1);
      await service.stop();
      service = await startService(directory.path, message, log);
      await service.conversations.joinConversation({ actorId: 'guest', conversationId: 'world' });
      expect(message.of('world')).toMatchObject([
        { created: { kind: 'room', members: [], historyBeforeJoin: true } },
        { joined: { members: [{ userId: 'guest', role: 'member' }] } },
      ]);
    });

    it('restricts the blocked one, also in a conversation that is opened later', async () => {
      await service.contacts.block({ actorId: 'bob', userId: 'ann' });
      const { conversation, created } = await service.conversations.openDirect({ actorId: 'ann', userId: 'bob' });
      expect(created).toBe(true);
      expect(conversation).toMatchObject({ kind: 'direct', peerId: 'bob', myRole: 'member', memberCount: 2 });
      await service.contacts.unblock({ actorId: 'bob', userId: 'ann' });
      expect(message.of(conversation?.conversationId as string)).toMatchObject([
        { created: { kind: 'direct' } },
        { restricted: { userId: 'ann', blocked: true } },
        { restricted: { userId: 'ann', blocked: false } },
      ]);
    });

    it('sends every other kind of fact in the message service’s form', async () => {
      const conversationId = await group();
      await service.conversations.setAnnouncement({ actorId: 'ann', conversationId, text: 'hi' });
      const until = Date.now() + 60_000;
      await service.conversations.changeMember({
        actorId: 'ann',
        conversationId,
        userId: 'bob',
        role: undefined,
        mutedUntil: until,
        nickname: 'B',
      });
      await service.conversations.disbandConversation({ actorId: 'ann', conversationId });
      const [, announced, changed, disbanded] = message.of(conversationId);
      expect(announced?.event).toMatchObject({ type: 'announcement.changed', sendPolicy: '' });
      expect(JSON.parse(announced?.event?.dataJson as string)).toEqual({
        text: 'hi',
        authorId: 'ann',
        updatedAt: expect.stringMatching(/^\d{4}-/) as string,
      });
      expect(changed?.changed).toEqual({
        userId: 'bob',
        role: '',
        mutedUntil: until,
        dataJson: JSON.stringify({ userId: 'bob', mutedUntil: new Date(until).toISOString(), nickname: 'B' }),
      });
      expect(disbanded?.disbanded).toEqual({});
    });
  });

  describe('over gRPC', () => {
    it('creates, shows, changes and lists', async () => {
      const made = await service.conversations.createConversation({
        ...newGroup,
        memberIds: ['bob', 'nobody', 'deleted1'],
      });
      expect(made.refusedUserIds).toEqual(['nobody', 'deleted1']);
      const conversationId = made.conversation?.conversationId as string;
      const { conversation } = await service.conversations.updateConversation({
        actorId: 'ann',
        conversationId,
        title: 'Crew',
        description: 'd',
        avatarFileId: 'f',
        joinPolicy: 'open',
      });
      expect(conversation).toMatchObject({
        kind: 'group',
        title: 'Crew',
        description: 'd',
        avatarFileId: 'f',
        joinPolicy: 'open',
        ownerId: 'ann',
        myRole: 'owner',
        peerId: '',
        memberCount: 2,
        mySettings: { muted: false, pinned: false, archived: false },
      });
      await service.conversations.setAnnouncement({ actorId: 'ann', conversationId, text: 'for us' });
      const settings = { actorId: 'bob', conversationId, muted: true, pinned: undefined, archived: undefined };
      expect((await service.conversations.setMySettings(settings)).settings).toMatchObject({ muted: true });
      const seen = await service.conversations.getConversations({
        actorId: 'zoe',
        conversationIds: [conversationId, 'x'],
      });
      expect(seen.conversations).toMatchObject([
        { conversationId, myRole: '', mySettings: undefined, announcement: undefined },
      ]);
      const joined = await service.conversations.joinConversation({ actorId: 'zoe', conversationId });
      expect(joined.conversation?.announcement).toMatchObject({ text: 'for us', authorId: 'ann' });
      const { members } = await service.conversations.listMembers({ actorId: 'zoe', conversationId, page });
      expect(members.map(({ userId, role }) => `${userId} ${role}`)).toEqual(['ann owner', 'bob member', 'zoe member']);
      const visible = await service.conversations.filterVisibleUsers({
        actorId: 'bob',
        userIds: ['zoe', 'dan', 'bob'],
      });
      expect(visible.userIds).toEqual(['zoe', 'bob']);
      await service.conversations.createConversation({ ...newGroup, kind: 'room', historyBeforeJoin: false });
      const rooms = await service.conversations.listRooms({ actorId: 'ann', page: { cursor: '', limit: 1 } });
      expect(rooms).toMatchObject({
        conversations: [{ conversationId: 'world', title: 'World' }],
        nextCursor: 'world',
      });
      const more = await service.conversations.listRooms({ actorId: 'ann', page: { cursor: 'world', limit: 500 } });
      expect(more).toMatchObject({ conversations: [{ kind: 'room', historyBeforeJoin: false }], nextCursor: '' });
    });

    it('answers the first answer to a repeated key', async () => {
      const wish = { ...newGroup, idempotencyKey: 'k', memberIds: ['bob', 'nobody'] };
      const [first, second] = await Promise.all([
        service.conversations.createConversation(wish),
        service.conversations.createConversation(wish),
      ]);
      expect(second).toEqual(first);
      await expect(service.conversations.createConversation({ ...wish, title: 'other' })).rejects.toMatchObject({
        code: 'conversation.idempotency_conflict',
        kind: 'conflict',
      });
    });

    it('finds members, shows invitations, and keeps the removed ones out', async () => {
      const conversationId = await group();
      const change = { actorId: 'ann', conversationId, userId: 'bob', role: undefined, mutedUntil: undefined };
      await service.conversations.changeMember({ ...change, nickname: 'Captain' });
      const found = await service.conversations.searchMembers({
        actorId: 'ann',
        conversationId,
        query: 'CAP',
        limit: 0,
      });
      expect(found.members).toMatchObject([{ userId: 'bob', nickname: 'Captain', role: 'member' }]);
      const named = await service.conversations.searchMembers({
        actorId: 'ann',
        conversationId,
        query: 'an',
        limit: 5,
      });
      expect(named.members.map(({ userId }) => userId)).toEqual(['ann']);
      const one = { actorId: 'ann', conversationId, userId: 'bob' };
      expect((await service.conversations.getMember(one)).member).toMatchObject({ userId: 'bob', nickname: 'Captain' });
      await service.conversations.removeMember(one);
      await expect(service.conversations.getMember(one)).rejects.toMatchObject({
        code: 'conversation.member_not_found',
      });
      await service.conversations.updateConversation({
        actorId: 'ann',
        conversationId,
        title: undefined,
        description: undefined,
        avatarFileId: undefined,
        joinPolicy: 'open',
        sendPolicy: 'admins',
      });
      expect(message.of(conversationId).at(-1)?.event).toMatchObject({ sendPolicy: 'admins' });
      const join = { actorId: 'bob', conversationId };
      await expect(service.conversations.joinConversation(join)).rejects.toMatchObject({
        code: 'conversation.removed_member',
        kind: 'forbidden',
      });
      const wish = { actorId: 'ann', conversationId, ttlSeconds: 60, maxUses: 1 };
      const code = (await service.conversations.createInvitation(wish)).invitation?.code as string;
      expect(await service.conversations.previewInvitation({ actorId: 'bob', code })).toMatchObject({
        invitation: { code, createdBy: 'ann' },
        conversation: { conversationId, sendPolicy: 'admins', announcement: undefined },
        alreadyMember: false,
      });
      await service.conversations.acceptInvitation({ actorId: 'bob', code });
    });

    it('invites', async () => {
      const conversationId = await group();
      const wish = { actorId: 'ann', conversationId, ttlSeconds: 60, maxUses: 1 };
      const code = (await service.conversations.createInvitation(wish)).invitation?.code as string;
      expect(code.length).toBeGreaterThanOrEqual(22);
      const uses = await Promise.allSettled(
        ['cid', 'dan'].map((actorId) => service.conversations.acceptInvitation({ actorId, code })),
      );
      expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { invitation } = await service.conversations.createInvitation({ ...wish, ttlSeconds: 0, maxUses: 0 });
      const listed = await service.conversations.listInvitations({ actorId: 'ann', conversationId });
      expect(listed.invitations).toEqual([invitation]);
      await service.conversations.revokeInvitation({
        actorId: 'ann',
        conversationId,
        code: invitation?.code as string,
      });
      expect((await service.conversations.listInvitations({ actorId: 'ann', conversationId })).invitations).toEqual([]);
    });

    it('keeps contacts and tells of them on the event log', async () => {
      const { contacts } = service;
      const asked = await contacts.requestContact({ actorId: 'ann', userId: 'bob', greeting: 'hi' });
      const incoming = await contacts.listContactRequests({ actorId: 'bob', direction: 'in', page });
      expect(incoming.requests).toEqual([asked.request]);
      const requestId = asked.request?.requestId as string;
      const declined = await contacts.answerContactRequest({ actorId: 'bob', requestId, accept: false });
      expect(declined.request?.state).toBe('declined');
      await expect(contacts.requestContact({ actorId: 'ann', userId: 'bob', greeting: '' })).rejects.toMatchObject({
        code: 'contact.request_paused',
        kind: 'rate_limited',
      });
      const theirs = await contacts.requestContact({ actorId: 'bob', userId: 'ann', greeting: '' });
      await contacts.answerContactRequest({
        actorId: 'ann',
        requestId: theirs.request?.requestId as string,
        accept: true,
      });
      const change = { actorId: 'ann', userId: 'bob', remark: 'B', tags: ['x'], setTags: true };
      await contacts.updateContact(change);
      await contacts.updateContact({ ...change, remark: undefined, tags: [], setTags: false });
      expect((await contacts.listContacts({ actorId: 'ann', page })).contacts).toMatchObject([
        { userId: 'bob', remark: 'B', tags: ['x'] },
      ]);
      await contacts.block({ actorId: 'ann', userId: 'bob' });
      expect((await contacts.listBlocks({ actorId: 'ann', page })).userIds).toEqual(['bob']);
      await contacts.removeContact({ actorId: 'ann', userId: 'bob' });
      expect((await contacts.listContacts({ actorId: 'bob', page })).contacts).toEqual([]);
      const out = await contacts.listContactRequests({ actorId: 'ann', direction: 'out', page });
      expect(out.requests).toHaveLength(1);
      await eventually('the event log', () => log.records.length === 13);
      const changes = log.records.map(({ value }) => conversationEventsV1.ContactChanged.decode(value));
      expect(changes.filter(({ userId }) => userId === 'ann').map(({ change }) => change)).toEqual([
        'request-sent',
        'request-declined',
        'request-received',
        'added',
        'updated',
        'updated',
        'blocked',
        'removed',
      ]);
    });
  });
});
