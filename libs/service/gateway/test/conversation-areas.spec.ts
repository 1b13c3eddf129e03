import { type Operation, rest } from '@parley/contracts';
import { type identityV1, type messageV1, RpcClients } from '@parley/contracts/rpc';
import { DomainError, type Principal } from '@parley/kernel';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConversationView } from '../src/composition/conversation-view.js';
import { ErrorFilter } from '../src/inbound/error.filter.js';
import { ContactsController } from '../src/inbound/http/contacts.controller.js';
import { ConversationsController } from '../src/inbound/http/conversations.controller.js';
import { MembersController } from '../src/inbound/http/members.controller.js';
import { AnsweringClients } from './answering-clients.js';
import { sampleConversation, sampleState } from './samples.js';

const ann = { userId: 'ann', deviceId: 'd', sessionId: 's', roles: ['user'] } as unknown as Principal;
const request = {
  requestId: 'r',
  fromUserId: 'ann',
  toUserId: 'bob',
  greeting: '',
  state: 'accepted',
  createdAt: 1000,
  expiresAt: 2000,
  answeredAt: 1500,
};
const contact = { userId: 'bob', remark: 'B', tags: ['x'], since: 1000 };
const member = { userId: 'bob', role: 'member', mutedUntil: 9000, nickname: '', joinedAt: 1000 };
const invitation = { code: 'c', conversationId: 'g', createdBy: 'ann', expiresAt: 5000, maxUses: 1, uses: 0 };
const announcement = { text: 'hi', authorId: 'ann', updatedAt: 1000 };
const conversation = { conversation: sampleConversation('g') };
const nothing = async () => ({});

const rpc = new AnsweringClients({
  'IdentityService/getUsers': async ({ userIds }: identityV1.GetUsersRequest) => ({
    users: userIds.map((userId) => ({ userId, displayName: userId, avatarFileId: '', kind: 'user' })),
  }),
  'MessageService/getConversations': async ({ conversationIds }: messageV1.GetConversationsRequest) => ({
    conversations: conversationIds.map((id) => sampleState(id)),
  }),
  'MessageService/listConversations': async () => ({ conversations: [sampleState('g')], nextCursor: 'n' }),
  'ConversationService/getConversations': async ({ conversationIds }: messageV1.GetConversationsRequest) => ({
    conversations: conversationIds.map((id) => sampleConversation(id)),
  }),
  'ConversationService/createConversation': async () => ({ ...conversation, refusedUserIds: ['dan'] }),
  'ConversationService/openDirect': async () => conversation,
  'ConversationService/updateConversation': async () => conversation,
  'ConversationService/joinConversation': async () => conversation,
  'ConversationService/acceptInvitation': async () => conversation,
  'ConversationService/disbandConversation': nothing,
  'ConversationService/leaveConversation': nothing,
  'ConversationService/removeMember': async () => {
    throw new DomainError('conversation.role_too_low', 'forbidden');
  },
  'ConversationService/listRooms': async () => ({ conversations: [sampleConversation('world')], nextCursor: '' }),
  'ConversationService/listMembers': async () => ({ members: [member], nextCursor: '' }),
  'ConversationService/addMembers': async () => ({ members: [member], refusedUserIds: ['dan'] }),
  'ConversationService/changeMember': async () => ({ member }),
  'ConversationService/setMySettings': async () => ({ settings: { muted: true, pinned: false, archived: false } }),
  'ConversationService/setAnnouncement': async () => ({ announcement }),
  'ConversationService/listInvitations': async () => ({ invitations: [invitation] }),
  'ConversationService/createInvitation': async () => ({ invitation }),
  'ConversationService/revokeInvitation': nothing,
  'ConversationService/previewInvitation': async () => ({ invitation, ...conversation, alreadyMember: true }),
  'ConversationService/searchMembers': async () => ({ members: [member] }),
  'ConversationService/getMember': async () => ({ member }),
  'ContactService/listContacts': async () => ({ contacts: [contact], nextCursor: 'n' }),
  'ContactService/updateContact': async () => ({ contact }),
  'ContactService/removeContact': nothing,
  'ContactService/listContactRequests': async () => ({ requests: [request], nextCursor: '' }),
  'ContactService/requestContact': async () => ({ request: { ...request, state: 'pending', answeredAt: 0 } }),
  'ContactService/answerContactRequest': async () => ({ request }),
  'ContactService/listBlocks': async () => ({ userIds: ['bob'], nextCursor: '' }),
  'ContactService/block': nothing,
  'ContactService/unblock': nothing,
});

describe('contacts, conversations and members over REST', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const module = await Test.createTestingModule({
      controllers: [ContactsController, ConversationsController, MembersController],
      providers: [
        { provide: RpcClients, useValue: rpc },
        { provide: ConversationView, useValue: new ConversationView(rpc) },
      ],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useGlobalFilters(new ErrorFilter());
    // In place of the authentication guard.
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', async (incoming) => {
        Object.assign(incoming, { principal: ann });
      });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(() => app.close());

  const call = async (operation: Operation, path: string, body?: object, headers: Record<string, string> = {}) => {
    const payload = body === undefined ? {} : { payload: body };
    const answer = await app.inject({ method: operation.method, url: `/api/v1${path}`, headers, ...payload });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : (answer.json() as object) };
  };

  const { contacts, conversations, members } = rest;
  it.each<[Operation, string, object?]>([
    [contacts.list, '/contacts?limit=5'],
    [contacts.update, '/contacts/bob', { remark: 'B' }],
    [contacts.remove, '/contacts/bob'],
    [contacts.requests, '/contacts/requests?direction=out'],
    [contacts.request, '/contacts/requests', { userId: 'bob' }],
    [contacts.accept, '/contacts/requests/r/accept'],
    [contacts.decline, '/contacts/requests/r/decline'],
    [contacts.blocks, '/blocks'],
    [contacts.block, '/blocks/bob'],
    [contacts.unblock, '/blocks/bob'],
    [conversations.list, '/conversations'],
    [conversations.create, '/conversations', { kind: 'group', title: 't' }],
    [conversations.openDirect, '/conversations/direct/bob'],
    [conversations.get, '/conversations/g'],
    [conversations.update, '/conversations/g', { avatarFileId: null }],
    [conversations.disband, '/conversations/g'],
    [conversations.leave, '/conversations/g/leave'],
    [conversations.join, '/conversations/world/join'],
    [conversations.rooms, '/rooms'],
    [members.list, '/conversations/g/members'],
    [members.list, '/conversations/g/members?q=b&limit=5'],
    [members.get, '/conversations/g/members/bob'],
    [members.previewInvitation, '/invitations/c'],
    [members.add, '/conversations/g/members', { userIds: ['bob'] }],
    [members.change, '/conversations/g/members/bob', { mutedUntil: null }],
    [members.settings, '/conversations/g/me', { muted: true }],
    [members.announce, '/conversations/g/announcement', { text: 'hi' }],
    [members.invitations, '/conversations/g/invitations'],
    [members.invite, '/conversations/g/invitations', { maxUses: 1 }],
    [members.revoke, '/conversations/g/invitations/c'],
    [members.acceptInvitation, '/invitations/c/accept'],
  ])('$id answers in the documented form', async (operation, path, body) => {
    const answer = await call(operation, path, body);
    expect(answer.status).toBe(operation.status ?? (operation.response ? 200 : 204));
    if (operation.response) expect(operation.response.parse(answer.body)).toEqual(answer.body);
    else expect(answer.body).toBeUndefined();
  });

  it('acts as the caller, never as somebody the request names', async () => {
    await call(members.change, '/conversations/g/members/bob', { role: 'admin' });
    expect(rpc.last('ConversationService/changeMember')).toEqual({
      actorId: 'ann',
      conversationId: 'g',
      userId: 'bob',
      role: 'admin',
      nickname: undefined,
      mutedUntil: undefined,
    });
    const body = { kind: 'group', title: 't', ownerId: 'bob' };
    expect((await call(conversations.create, '/conversations', body)).status).toBe(400);
  });

  it('passes the idempotency key, times and "take it away" on as the services want them', async () => {
    await call(conversations.create, '/conversations', { kind: 'room', title: 't' }, { 'idempotency-key': 'k1' });
    expect(rpc.last('ConversationService/createConversation')).toMatchObject({
      idempotencyKey: 'k1',
      kind: 'room',
      joinPolicy: '',
      historyBeforeJoin: undefined,
    });
    await call(members.change, '/conversations/g/members/bob', { mutedUntil: '1970-01-01T00:00:09Z' });
    expect(rpc.last('ConversationService/changeMember')).toMatchObject({ mutedUntil: 9000 });
    await call(members.change, '/conversations/g/members/bob', { mutedUntil: null });
    expect(rpc.last('ConversationService/changeMember')).toMatchObject({ mutedUntil: 0 });
    await call(conversations.update, '/conversations/g', { avatarFileId: null });
    expect(rpc.last('ConversationService/updateConversation')).toMatchObject({ avatarFileId: '', title: undefined });
    await call(contacts.update, '/contacts/bob', { tags: [] });
    expect(rpc.last('ContactService/updateContact')).toMatchObject({ setTags: true, remark: undefined });
  });

  it.each([
    ['a title with a lone surrogate', conversations.create, '/conversations', { kind: 'group', title: '\ud800' }],
    ['an empty title', conversations.create, '/conversations', { kind: 'group', title: '' }],
    ['a direct conversation by create', conversations.create, '/conversations', { kind: 'direct', title: 't' }],
    ['an unknown role', members.change, '/conversations/g/members/bob', { role: 'god' }],
    ['an invitation for an hour ago', members.invite, '/conversations/g/invitations', { ttlSeconds: -1 }],
    ['an id that is none', contacts.request, '/contacts/requests', { userId: "' OR 1=1" }],
    ['an object where a text belongs', contacts.request, '/contacts/requests', { userId: { $ne: '' } }],
  ])('refuses %s', async (_what, operation, path, body) => {
    expect(await call(operation, path, body)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('answers a refusal of the service as a problem', async () => {
    expect(await call(members.remove, '/conversations/g/members/bob')).toMatchObject({
      status: 403,
      body: { code: 'conversation.role_too_low', retryable: false },
    });
  });
});
