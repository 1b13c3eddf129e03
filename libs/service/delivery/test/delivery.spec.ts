import { InProcessBus } from '@parley/adapter-in-process';
import { InMemoryEventLog } from '@parley/adapter-memory';
import { EventLog, TOPICS } from '@parley/contracts';
import {
  conversationEventsV1,
  deliveryV1,
  type gatewayV1,
  messageEventsV1,
  type messageV1,
  type presenceV1,
  RpcClients,
} from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { InProcessServer, PlatformModule, RpcErrorFilter } from '@parley/platform';
import { type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeliveryModule } from '../src/index.js';

const { name: topic } = TOPICS.messageAppended;

/** One delivery service with its neighbours as they answer, on the transport of the embedded profile. */
describe('delivery service', () => {
  let log: InMemoryEventLog;
  let bus: InProcessBus;
  let app: INestMicroservice;
  let got: { userIds: string[]; subscribersOf: string; event: string; payload: Record<string, unknown> }[];
  let members: string[];
  let gatewayDown: boolean;

  const record = (seq: number, more: Partial<messageEventsV1.Appended> = {}) => ({
    topic,
    key: 'c1',
    value: messageEventsV1.Appended.encode({
      conversationId: 'c1',
      epoch: 'e',
      events: [
        {
          seq,
          type: 'message.created',
          at: Date.now(),
          actorId: 'ann',
          subjectSeq: 0,
          dataJson: `{"text":"grüße ${seq}"}`,
        },
      ],
      memberCount: members.length,
      joinedUserIds: [],
      goneUserIds: [],
      ...more,
    }).finish(),
  });
  const push = (more: Partial<deliveryV1.Push>) =>
    bus.of(deliveryV1.DeliveryServiceService).pushBatch({
      pushes: [
        {
          userIds: [],
          conversationId: '',
          sessionIds: [],
          exceptUserIds: [],
          exceptSessionId: '',
          event: 'typing',
          payloadJson: '{"x":1}',
          ...more,
        },
      ],
    });

  beforeEach(async () => {
    Logger.overrideLogger(false);
    log = new InMemoryEventLog();
    bus = new InProcessBus();
    got = [];
    members = ['ann', 'bob', 'cat'];
    gatewayDown = false;
    bus.bind('MessageService/ListMemberIds', async (request): Promise<messageV1.ListMemberIdsResponse> => {
      const { afterUserId } = request as messageV1.ListMemberIdsRequest;
      // Pages of two, so that there is more than one.
      const rest = members.filter((id) => id > afterUserId);
      return { userIds: rest.slice(0, 2), hasMore: rest.length > 2, memberCount: members.length, headSeq: 0 };
    });
    bus.bind('MessageService/CheckMembers', async (request): Promise<messageV1.CheckMembersResponse> => {
      const { userIds } = request as messageV1.CheckMembersRequest;
      const found = userIds.filter((id) => members.includes(id));
      return {
        members: found.map((userId) => ({ userId, role: 'member', maySend: true, joinedSeq: 0 })),
        kind: 'group',
        memberCount: members.length,
      };
    });
    bus.bind('PresenceService/Locate', async (request): Promise<presenceV1.LocateResponse> => {
      const { userIds, conversationIds, sessionIds } = request as presenceV1.LocateRequest;
      const online = userIds.filter((id) => id !== 'cat');
      return {
        nodes: [{ nodeId: 'n1', userIds: online, conversationIds, sessionIds }],
        roster: '',
        settledNodeIds: [],
      };
    });
    bus.bind('GatewayNodeService/Deliver', async (request): Promise<gatewayV1.DeliverResponse> => {
      if (gatewayDown) throw new DomainError('server.unavailable', 'unavailable');
      const { deliveries } = request as gatewayV1.DeliverRequest;
      for (const { userIds, subscribersOf, event, payloadJson } of deliveries)
        got.push({ userIds, subscribersOf, event, payload: JSON.parse(payloadJson) as Record<string, unknown> });
      return { sockets: deliveries.map((one) => one.userIds.length), process: 'p' };
    });

    @Module({
      imports: [
        PlatformModule.with([
          { provide: EventLog, useValue: log },
          { provide: RpcClients, useValue: bus },
        ]),
        DeliveryModule.with(),
      ],
    })
    class Root {}
    app = await NestFactory.createMicroservice<MicroserviceOptions>(Root, {
      strategy: new InProcessServer(bus),
      logger: false,
    });
    app.useGlobalFilters(new RpcErrorFilter());
    await app.listen();
  });

  afterEach(async () => {
    await log.close();
    await app.close();
    Logger.overrideLogger(true);
  });

  const events = () => got.filter((one) => one.event === 'conversation:events');

  it('pushes appended events to the members that are online, in order', async () => {
    await log.publishBatch([record(1), record(2)]);
    await log.publishBatch([record(3)]);
    await vi.waitFor(() => expect(events().flatMap((one) => one.payload['events'])).toHaveLength(3));
    expect(events().every((one) => one.userIds.join() === 'ann,bob')).toBe(true);
    expect(events().flatMap((one) => one.payload['events'])).toMatchObject([
      { seq: 1, data: { text: 'grüße 1' } },
      { seq: 2 },
      { seq: 3 },
    ]);
  });

  it('pushes to subscribers where members are too many', async () => {
    members = Array.from({ length: 2001 }, (_, index) => `u${String(index).padStart(5, '0')}`);
    await log.publishBatch([record(1)]);
    await vi.waitFor(() => expect(events()).toMatchObject([{ userIds: [], subscribersOf: 'c1' }]));
  });

  it('goes on past a record that cannot be read', async () => {
    await log.publishBatch([record(1), { topic, key: 'c1', value: Uint8Array.from([10, 200, 1]) }, record(2)]);
    await vi.waitFor(() => expect(events().flatMap((one) => one.payload['events'])).toHaveLength(2));
    expect(log.memory.recordsOf(`${topic}.delivery.fan-out.dlq`)).toHaveLength(1);
  });

  it('goes on when a gateway node does not answer, and hands over what waited', async () => {
    gatewayDown = true;
    await log.publishBatch([record(1)]);
    await vi.waitFor(async () =>
      expect((await log.lag()).find((one) => one.group === 'delivery.fan-out')?.records).toBe(0),
    );
    expect(got).toEqual([]);
    gatewayDown = false;
    await vi.waitFor(() => expect(events()).toHaveLength(1));
  });

  it('answers which pushes reached a live session', async () => {
    expect(await push({ userIds: ['ann'] })).toEqual({ reached: [true] });
    expect(await push({ userIds: ['cat'] })).toEqual({ reached: [false] });
    expect(await push({ conversationId: 'c1', exceptUserIds: ['ann'] })).toEqual({ reached: [true] });
    expect(got.at(-1)).toMatchObject({ userIds: ['bob'], event: 'typing', payload: { x: 1 } });
  });

  it('tells a user’s sessions about changed contacts', async () => {
    const value = conversationEventsV1.ContactChanged.encode({
      userId: 'ann',
      peerId: 'bob',
      change: 'blocked',
      payloadJson: '{"change":"blocked","userId":"bob"}',
    }).finish();
    await log.publishBatch([{ topic: TOPICS.contactChanged.name, key: 'ann', value }]);
    await vi.waitFor(() =>
      expect(got).toEqual([
        {
          userIds: ['ann'],
          subscribersOf: '',
          event: 'contact:changed',
          payload: { change: 'blocked', userId: 'bob' },
        },
      ]),
    );
  });
});
