import { InProcessBus } from '@parley/adapter-in-process';
import type { KafkaLog } from '@parley/adapter-kafka';
import { kafkaHarness } from '@parley/adapter-kafka/testing';
import { deadLetterTopic, EventLog, TOPICS } from '@parley/contracts';
import {
  deadLetterV1,
  deliveryV1,
  type gatewayV1,
  messageEventsV1,
  type messageV1,
  type presenceV1,
  RpcClients,
} from '@parley/contracts/rpc';
import { InProcessServer, PlatformModule } from '@parley/platform';
import { engine, eventually } from '@parley/testing';
import { type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryModule } from '../src/index.js';

const { name: topic } = TOPICS.messageAppended;
const CONVERSATIONS = Array.from({ length: 20 }, (_, index) => `c${index}`);

/** What all replicas see of their neighbours, and what the one gateway node got from which replica. */
class World {
  readonly members = new Map(CONVERSATIONS.map((id) => [id, ['ann', 'bob']]));
  readonly got: { by: string; userIds: string[]; event: string; conversationId: string; seqs: number[] }[] = [];

  bus(replica: string): InProcessBus {
    const bus = new InProcessBus();
    bus.bind('MessageService/ListMemberIds', async (request): Promise<messageV1.ListMemberIdsResponse> => {
      const userIds = this.members.get((request as messageV1.ListMemberIdsRequest).conversationId) ?? [];
      return { userIds, hasMore: false, memberCount: userIds.length, headSeq: 0 };
    });
    bus.bind('MessageService/CheckMembers', async (request): Promise<messageV1.CheckMembersResponse> => {
      const { userIds } = request as messageV1.CheckMembersRequest;
      const members = userIds.map((userId) => ({ userId, role: 'member', maySend: true, joinedSeq: 0 }));
      return { members, kind: 'group', memberCount: members.length };
    });
    bus.bind('PresenceService/Locate', async (request): Promise<presenceV1.LocateResponse> => {
      const { userIds, conversationIds, sessionIds } = request as presenceV1.LocateRequest;
      return { nodes: [{ nodeId: 'n1', userIds, conversationIds, sessionIds }], roster: '', settledNodeIds: [] };
    });
    bus.bind('GatewayNodeService/Deliver', async (request): Promise<gatewayV1.DeliverResponse> => {
      const { deliveries } = request as gatewayV1.DeliverRequest;
      for (const { userIds, event, payloadJson } of deliveries) {
        const payload = JSON.parse(payloadJson) as { conversationId: string; events?: { seq: number }[] };
        const seqs = (payload.events ?? []).map(({ seq }) => seq);
        this.got.push({ by: replica, userIds, event, conversationId: payload.conversationId, seqs });
      }
      return { sockets: deliveries.map((one) => one.userIds.length), process: 'p' };
    });
    return bus;
  }

  /** Seqs that a user got of a conversation, without repeats, as a client keeps them. */
  seqsOf(userId: string, conversationId: string): number[] {
    const seqs = this.got
      .filter((one) => one.conversationId === conversationId && one.userIds.includes(userId))
      .flatMap((one) => one.seqs);
    return [...new Set(seqs)];
  }

  /** Who pushed the newest event of a conversation. */
  ownerOf(conversationId: string): string | undefined {
    return this.got.findLast((one) => one.conversationId === conversationId && one.seqs.length > 0)?.by;
  }
}

describe.skipIf(engine('kafka') === undefined)('delivery in two processes', { timeout: 90_000 }, () => {
  let harness: Awaited<ReturnType<typeof kafkaHarness>>;
  let world: World;
  let publisher: EventLog;
  let replicas: Map<string, { log: KafkaLog; app: INestMicroservice; bus: InProcessBus }>;
  let seq: number;

  const start = async (name: string) => {
    const log = await harness.open();
    const bus = world.bus(name);
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
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(Root, {
      strategy: new InProcessServer(bus),
      logger: false,
    });
    await app.listen();
    replicas.set(name, { log: log as KafkaLog, app, bus });
  };
  const stop = async (name: string) => {
    const replica = replicas.get(name);
    replicas.delete(name);
    await replica?.log.close();
    await replica?.app.close();
  };
  const record = (conversationId: string, more: Partial<messageEventsV1.Appended> = {}) => ({
    topic,
    key: conversationId,
    value: messageEventsV1.Appended.encode({
      conversationId,
      epoch: 'e',
      events: [{ seq, type: 'message.created', at: Date.now(), actorId: 'ann', subjectSeq: 0, dataJson: '{}' }],
      memberCount: 2,
      joinedUserIds: [],
      goneUserIds: [],
      ...more,
    }).finish(),
  });
  /** One more event in every conversation. */
  const sayEverywhere = async () => {
    seq += 1;
    await publisher.publishBatch(CONVERSATIONS.map((id) => record(id)));
  };
  const expected = () => Array.from({ length: seq }, (_, index) => index + 1);
  const allArrived = () =>
    eventually('everything has arrived', () => CONVERSATIONS.every((id) => world.seqsOf('ann', id).length === seq), {
      deadlineMs: 30_000,
    });
  const bothServe = () =>
    eventually(
      'both serve',
      async () => {
        await sayEverywhere();
        await allArrived();
        return new Set(CONVERSATIONS.map((id) => world.ownerOf(id))).size === 2;
      },
      { deadlineMs: 30_000 },
    );

  beforeEach(async () => {
    Logger.overrideLogger(false);
    harness = await kafkaHarness(engine('kafka')?.brokers ?? []);
    world = new World();
    replicas = new Map();
    seq = 0;
    publisher = await harness.open();
    await start('a');
  });

  afterEach(async () => {
    await Promise.all([...replicas.keys()].map(stop));
    await publisher.close();
    await harness.dispose();
    Logger.overrideLogger(true);
  });

  it('brings everything to everybody in order while one comes, one leaves and one dies', async () => {
    await start('b');
    await bothServe();
    for (let round = 0; round < 5; round += 1) await sayEverywhere();
    await stop('b');
    for (let round = 0; round < 5; round += 1) await sayEverywhere();
    await allArrived();
    await start('c');
    await bothServe();
    replicas.get('c')?.log.abandon();
    for (let round = 0; round < 5; round += 1) await sayEverywhere();
    await allArrived();
    for (const id of CONVERSATIONS) expect(world.seqsOf('bob', id)).toEqual(expected());
  });

  it('does not push to somebody who was removed while another process served the conversation', async () => {
    await sayEverywhere();
    await allArrived();
    await start('b');
    await bothServe();
    const moved = CONVERSATIONS.find((id) => world.ownerOf(id) === 'b') as string;
    world.members.set(moved, ['ann']);
    seq += 1;
    await publisher.publishBatch(CONVERSATIONS.map((id) => record(id, id === moved ? { goneUserIds: ['bob'] } : {})));
    await allArrived();
    const upTo = seq;
    await replicas
      .get('a')
      ?.bus.of(deliveryV1.DeliveryServiceService)
      .pushBatch({ pushes: [typingIn(moved)] });
    await stop('b');
    await sayEverywhere();
    await allArrived();
    expect(world.ownerOf(moved)).toBe('a');
    expect(Math.max(...world.seqsOf('bob', moved))).toBeLessThan(upTo);
    expect(world.got.filter((one) => one.event === 'typing').flatMap((one) => one.userIds)).toEqual(['ann']);
  });

  it('goes on past a record that nobody can read, and keeps it with the reason', async () => {
    await sayEverywhere();
    await publisher.publishBatch([{ topic, key: 'c0', value: Uint8Array.from([10, 200, 1]) }]);
    await sayEverywhere();
    await allArrived();
    const letters: deadLetterV1.DeadLetter[] = [];
    const dead = deadLetterTopic(topic, 'delivery.fan-out');
    await eventually('the dead letter is there', async () => {
      letters.length = 0;
      await publisher.replay(dead, async (records) => {
        for (const { value } of records) letters.push(deadLetterV1.DeadLetter.decode(value));
      });
      return letters.length > 0;
    });
    expect(letters).toMatchObject([{ topic, group: 'delivery.fan-out', key: 'c0', reason: 'undecodable' }]);
  });
});

function typingIn(conversationId: string): deliveryV1.Push {
  return {
    userIds: [],
    conversationId,
    sessionIds: [],
    exceptUserIds: [],
    exceptSessionId: '',
    event: 'typing',
    payloadJson: JSON.stringify({ conversationId }),
  };
}
