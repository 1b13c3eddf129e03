import { InProcessBus } from '@parley/adapter-in-process';
import { InMemoryEventLog } from '@parley/adapter-memory';
import { SqlDatabase } from '@parley/adapter-sql';
import { EventLog, TOPICS } from '@parley/contracts';
import {
  conversationEventsV1,
  identityEventsV1,
  type conversationV1,
  type deliveryV1,
  type messageV1,
  presenceV1,
  RpcClients,
  type ServiceClient,
} from '@parley/contracts/rpc';
import { InProcessServer, PlatformModule, RpcErrorFilter } from '@parley/platform';
import { type INestMicroservice, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PresenceModule } from '../src/index.js';

/** One presence service with its neighbours as they answer, on the transport of the embedded profile. */
describe('presence service', () => {
  let directory: string;
  let database: SqlDatabase;
  let log: InMemoryEventLog;
  let bus: InProcessBus;
  let app: INestMicroservice;
  let presence: ServiceClient<typeof presenceV1.PresenceServiceService>;
  let pushes: deliveryV1.Push[];
  let blocked: boolean;

  const session = (userId: string) => ({ sessionId: `${userId}-1`, userId, deviceId: 'd' });

  async function start() {
    database = await SqlDatabase.openSqlite({ schema: 'presence', directory });
    log = new InMemoryEventLog();
    bus = new InProcessBus();
    bus.bind('ConversationService/FilterVisibleUsers', async (request) => {
      const { actorId, userIds } = request as conversationV1.FilterVisibleUsersRequest;
      return { userIds: actorId === 'stranger' || blocked ? [] : userIds };
    });
    bus.bind('MessageService/CheckMembers', async (request): Promise<messageV1.CheckMembersResponse> => {
      const { userIds } = request as messageV1.CheckMembersRequest;
      const found = userIds.filter((id) => id !== 'stranger');
      return {
        members: found.map((userId) => ({ userId, role: 'member', maySend: true, joinedSeq: 1 })),
        kind: 'group',
        memberCount: 2,
      };
    });
    bus.bind('DeliveryService/PushBatch', async (request): Promise<deliveryV1.PushBatchResponse> => {
      const batch = request as deliveryV1.PushBatchRequest;
      pushes.push(...batch.pushes);
      return { reached: batch.pushes.map(() => true) };
    });

    @Module({
      imports: [
        PlatformModule.with([
          { provide: EventLog, useValue: log },
          { provide: RpcClients, useValue: bus },
        ]),
        PresenceModule.with({ database }),
      ],
    })
    class Root {}
    app = await NestFactory.createMicroservice<MicroserviceOptions>(Root, {
      strategy: new InProcessServer(bus),
      logger: false,
    });
    app.useGlobalFilters(new RpcErrorFilter());
    await app.listen();
    presence = bus.of(presenceV1.PresenceServiceService);
  }

  async function stop() {
    await log.close();
    await app.close();
    await database.close();
  }

  beforeEach(async () => {
    Logger.overrideLogger(false);
    directory = mkdtempSync(join(tmpdir(), 'parley-presence-'));
    pushes = [];
    blocked = false;
    await start();
  });

  afterEach(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
    Logger.overrideLogger(true);
  });

  const changes = () => pushes.filter((push) => push.event === 'presence:changed').map((push) => push.payloadJson);

  it('locates live sessions and subscribers by node', async () => {
    const { lease, known } = await presence.renewNode({ nodeId: 'n1', told: '' });
    expect(known).toBe(false);
    expect(await presence.openSessions({ nodeId: 'n1', sessions: [session('ann')] })).toEqual({ lease });
    const world = { nodeId: 'n1', conversationId: 'world', conversationIds: ['room'], subscribed: true };
    expect(await presence.subscribeNode(world)).toEqual({ lease });
    const whom = { userIds: ['ann', 'bob'], conversationIds: ['world', 'room', 'none'], sessionIds: [], roster: '' };
    const before = await presence.locate(whom);
    expect(before).toMatchObject({
      nodes: [{ nodeId: 'n1', userIds: ['ann'], conversationIds: ['world', 'room'], sessionIds: [] }],
      settledNodeIds: [],
    });
    expect(await presence.renewNode({ nodeId: 'n1', told: lease })).toEqual({ lease, known: true });
    const after = await presence.locate({ ...whom, roster: before.roster });
    expect(after.settledNodeIds).toEqual(['n1']);
    expect(await presence.locate({ ...whom, roster: after.roster })).toMatchObject({
      roster: after.roster,
      settledNodeIds: [],
    });
  });

  it('tells watchers who comes and who goes', async () => {
    await presence.openSessions({ nodeId: 'n1', sessions: [session('ann')] });
    const answer = await presence.watch({ actorId: 'ann', sessionId: 'ann-1', userIds: ['bob'] });
    expect(answer.states).toEqual([{ userId: 'bob', online: false, lastSeenAt: 0 }]);
    await presence.openSessions({ nodeId: 'n2', sessions: [session('bob')] });
    await vi.waitFor(() => expect(changes()).toHaveLength(1));
    expect(JSON.parse(changes()[0] ?? '')).toMatchObject({ userId: 'bob', online: true });
    expect(pushes[0]).toMatchObject({ sessionIds: ['ann-1'], userIds: [], conversationId: '' });
    await presence.closeSessions({ nodeId: 'n2', sessions: [session('bob')] });
    await vi.waitFor(() => expect(changes()).toHaveLength(2), 5000);
    expect(JSON.parse(changes()[1] ?? '')).toMatchObject({ userId: 'bob', online: false });
    await presence.unwatch({ sessionId: 'ann-1', userIds: ['bob'] });
  });

  it('ends watches when two users part', async () => {
    await presence.openSessions({ nodeId: 'n1', sessions: [session('ann')] });
    await presence.watch({ actorId: 'ann', sessionId: 'ann-1', userIds: ['bob'] });
    blocked = true;
    const change = { userId: 'bob', peerId: 'ann', change: 'blocked', payloadJson: '' };
    await log.publishBatch([
      {
        topic: TOPICS.contactChanged.name,
        key: 'bob',
        value: conversationEventsV1.ContactChanged.encode(change).finish(),
      },
    ]);
    await vi.waitFor(async () =>
      expect((await log.lag()).find((one) => one.group === 'presence.watches')?.records).toBe(0),
    );
    await presence.openSessions({ nodeId: 'n1', sessions: [session('bob'), session('cat')] });
    await presence.setTyping({ actorId: 'ann', sessionId: 'ann-1', conversationId: 'c', state: 'typing' });
    await vi.waitFor(() => expect(pushes.map((push) => push.event)).toContain('typing'));
    expect(changes()).toEqual([]);
  });

  it('shows a changed profile to watchers and to the user’s own devices, and a new account to nobody', async () => {
    await presence.openSessions({ nodeId: 'n1', sessions: [session('ann')] });
    await presence.watch({ actorId: 'ann', sessionId: 'ann-1', userIds: ['bob'] });
    const record = (userId: string, payloadJson: string) => ({
      topic: TOPICS.userChanged.name,
      key: userId,
      value: identityEventsV1.UserChanged.encode({
        userId,
        displayName: 'B',
        avatarFileId: '',
        deleted: false,
        payloadJson,
      }).finish(),
    });
    await log.publishBatch([record('cid', ''), record('bob', '{"user":{"userId":"bob"}}')]);
    await vi.waitFor(() => expect(pushes.some((push) => push.event === 'user:changed')).toBe(true));
    expect(pushes.filter((push) => push.event === 'user:changed')).toMatchObject([
      { userIds: ['bob'], sessionIds: ['ann-1'], conversationId: '', payloadJson: '{"user":{"userId":"bob"}}' },
    ]);
  });

  it('remembers when users were last seen over a restart', async () => {
    await presence.openSessions({ nodeId: 'n1', sessions: [session('bob')] });
    await presence.closeSessions({ nodeId: 'n1', sessions: [session('bob')] });
    await stop();
    await start();
    const { states } = await presence.getPresence({ actorId: 'ann', userIds: ['bob'] });
    expect(states).toHaveLength(1);
    expect(states[0]?.online).toBe(false);
    expect(Math.abs((states[0]?.lastSeenAt ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  it('shows strangers nothing', async () => {
    await presence.openSessions({ nodeId: 'n1', sessions: [session('bob')] });
    expect(await presence.getPresence({ actorId: 'stranger', userIds: ['bob'] })).toEqual({ states: [] });
    expect(await presence.watch({ actorId: 'stranger', sessionId: 'x', userIds: ['bob'] })).toEqual({ states: [] });
    await expect(
      presence.setTyping({ actorId: 'stranger', sessionId: 'x', conversationId: 'c', state: 'typing' }),
    ).rejects.toMatchObject({ code: 'conversation.not_found' });
  });

  it('shows typing to the other members', async () => {
    await presence.setTyping({ actorId: 'ann', sessionId: 'ann-1', conversationId: 'c', state: 'recording' });
    expect(pushes).toMatchObject([
      { conversationId: 'c', exceptUserIds: ['ann'], event: 'typing', sessionIds: [], userIds: [] },
    ]);
  });
});
