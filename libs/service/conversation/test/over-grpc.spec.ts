import { EmbeddedLog } from '@parley/adapter-embedded-log';
import { InProcessBus } from '@parley/adapter-in-process';
import { SqlDatabase } from '@parley/adapter-sql';
import { TOPICS } from '@parley/contracts';
import {
  contactV1,
  conversationEventsV1,
  conversationV1,
  type identityV1,
  type messageV1,
} from '@parley/contracts/rpc';
import { readSettings } from '@parley/platform';
import { type ServiceOverGrpc, startServiceOverGrpc } from '@parley/platform/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConversationModule, conversationSettings } from '../src/index.js';
import { MessageDouble, temporaryDirectory } from './running-service.js';

/** The conversation service on its embedded engines, called over gRPC. */
describe('conversation service over gRPC', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let database: SqlDatabase;
  let log: EmbeddedLog;
  let message: MessageDouble;
  let service: ServiceOverGrpc;

  beforeEach(async () => {
    directory = await temporaryDirectory();
    message = new MessageDouble();
    const neighbours = new InProcessBus();
    neighbours.bind('MessageService/AppendFacts', (facts) => message.append(facts as messageV1.AppendFactsRequest));
    neighbours.bind('GatewayNodeService/ExpelMembers', async () => ({}));
    neighbours.bind('IdentityService/GetUsers', async (request) => ({
      users: (request as identityV1.GetUsersRequest).userIds.map((userId) => ({ userId, deleted: false })),
    }));
    database = await SqlDatabase.openSqlite({ schema: 'conversation', directory: directory.path });
    log = await EmbeddedLog.open({ directory: directory.path });
    const module = ConversationModule.with({ database, settings: readSettings(conversationSettings, {}) });
    const answers = [conversationV1.ConversationServiceService, contactV1.ContactServiceService] as const;
    service = await startServiceOverGrpc({ module, answers, log, neighbours });
  });

  afterEach(async () => {
    await service.stop();
    await log.close();
    await database.close();
    await directory.remove();
  });

  const conversations = () => service.rpc.of(conversationV1.ConversationServiceService);
  const newGroup = (idempotencyKey: string): conversationV1.CreateConversationRequest => ({
    actorId: 'ann',
    kind: 'group',
    title: 'Gruppe Grün',
    memberIds: ['bob'],
    joinPolicy: '',
    historyBeforeJoin: undefined,
    description: '',
    idempotencyKey,
  });

  it('answers a stranger and a wrong request with codes of its own', async () => {
    const { conversation } = await conversations().createConversation(newGroup(''));
    const conversationId = conversation?.conversationId as string;
    expect(conversation).toMatchObject({ title: 'Gruppe Grün', historyBeforeJoin: false });
    const asEve = conversations().removeMember({ actorId: 'eve', conversationId, userId: 'bob' });
    await expect(asEve).rejects.toMatchObject({ code: 'conversation.not_found', kind: 'not_found' });
    const asBob = conversations().removeMember({ actorId: 'bob', conversationId, userId: 'ann' });
    await expect(asBob).rejects.toMatchObject({ code: 'conversation.role_too_low', kind: 'forbidden' });
  });

  it('founds one conversation for a request that comes again, and appends its facts once', async () => {
    // The answer of the message service is lost: the facts are there, and come again.
    message.state = 'deaf';
    const first = await conversations()
      .createConversation(newGroup('k1'))
      .catch((error: unknown) => error);
    expect(first).toMatchObject({ code: 'server.unavailable' });
    message.state = 'up';
    const { conversation } = await conversations().createConversation(newGroup('k1'));
    const again = await conversations().createConversation(newGroup('k1'));
    expect(again.conversation?.conversationId).toBe(conversation?.conversationId);
    expect(message.of(conversation?.conversationId ?? '')).toHaveLength(1);
  });

  it('tells who blocks somebody on the event log, and not the blocked one', async () => {
    const told: string[] = [];
    await log.subscribe({
      group: 'test.reader',
      topic: TOPICS.contactChanged.name,
      handle: async (records) => {
        const changes = records.map(({ value }) => conversationEventsV1.ContactChanged.decode(value));
        told.push(...changes.map(({ userId, change }) => `${userId} ${change}`));
      },
    });
    const contacts = service.rpc.of(contactV1.ContactServiceService);
    await contacts.block({ actorId: 'ann', userId: 'bob' });
    await vi.waitFor(() => expect(told).toContain('ann blocked'), { timeout: 5000 });
    expect(told.filter((one) => one.startsWith('bob'))).toEqual([]);
  });
});
