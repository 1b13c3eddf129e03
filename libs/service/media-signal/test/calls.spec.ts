import { InProcessBus } from '@parley/adapter-in-process';
import { InMemoryEventLog } from '@parley/adapter-memory';
import { SqlDatabase } from '@parley/adapter-sql';
import { call as callSchema, callEvents, EventLog } from '@parley/contracts';
import { callV1, type deliveryV1, type messageV1, RpcClients } from '@parley/contracts/rpc';
import { DomainError } from '@parley/kernel';
import { InProcessServer, PlatformModule, readSettings, RpcErrorFilter } from '@parley/platform';
import type { INestMicroservice } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceGone } from '@parley/core-media-signal';
import { MediaSignalModule, mediaSignalSettings } from '../src/index.js';

interface CallObject {
  callId: string;
  state: string;
  outcome?: string;
  version: number;
  participants: { userId: string; state: string; deviceId?: string }[];
}

const SETTINGS = {
  PARLEY_CALL_RING_SECONDS: '1',
  PARLEY_CALL_GRACE_SECONDS: '1',
  PARLEY_TURN_URLS: 'turn:t.example.org',
  PARLEY_TURN_SECRET: 'of this test',
  PARLEY_TURN_TTL_SECONDS: '600',
};

/** Message and delivery as their contracts tell them, and nothing more. */
class Neighbours {
  readonly facts: messageV1.Fact[] = [];
  readonly pushes: deliveryV1.Push[] = [];
  logIsDown = false;

  bind(bus: InProcessBus): void {
    bus.bind('MessageService/CheckMembers', async (request) => {
      const { conversationId, userIds } = request as messageV1.CheckMembersRequest;
      const members = userIds.filter((userId) => conversationId.split('+').includes(userId));
      return { kind: 'direct', memberCount: 2, members: members.map((userId) => ({ userId, maySend: true })) };
    });
    bus.bind('MessageService/ListMemberIds', async (request) => ({
      userIds: (request as messageV1.ListMemberIdsRequest).conversationId.split('+'),
    }));
    bus.bind('MessageService/AppendFacts', async (request) => {
      if (this.logIsDown) throw new DomainError('server.unavailable', 'unavailable');
      this.facts.push(...(request as messageV1.AppendFactsRequest).facts);
      return { seqs: [1] };
    });
    bus.bind('DeliveryService/PushBatch', async (request) => {
      const { pushes } = request as deliveryV1.PushBatchRequest;
      this.pushes.push(...pushes);
      return { reached: pushes.map(() => true) };
    });
  }

  of(callId: string): string[] {
    return this.facts
      .filter((fact) => fact.changeId.startsWith(callId))
      .map((fact) =>
        `${fact.event?.type} ${(JSON.parse(fact.event?.dataJson ?? '{}') as CallObject).outcome ?? ''}`.trim(),
      );
  }
}

describe('the media-signal service', () => {
  const neighbours = new Neighbours();
  const bus = new InProcessBus();
  const calls = bus.of(callV1.CallServiceService);
  let directory: string;
  let stop: () => Promise<void>;
  let app: INestMicroservice;

  async function start(): Promise<void> {
    const database = await SqlDatabase.openSqlite({ schema: 'media-signal', directory });
    const module = await Test.createTestingModule({
      imports: [
        PlatformModule.with([
          { provide: EventLog, useValue: new InMemoryEventLog() },
          { provide: RpcClients, useValue: bus },
        ]),
        MediaSignalModule.with({ database, settings: readSettings(mediaSignalSettings, SETTINGS) }),
      ],
      providers: [{ provide: APP_FILTER, useClass: RpcErrorFilter }],
    }).compile();
    app = module.createNestMicroservice({ strategy: new InProcessServer(bus) });
    neighbours.bind(bus);
    await app.listen();
    stop = async () => {
      await app.close();
      await database.close();
    };
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-calls-'));
    await start();
  });
  afterAll(async () => {
    await stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    neighbours.pushes.length = 0;
    neighbours.logIsDown = false;
  });

  const who = (actorId: string, device = 'phone') => ({
    ...{ actorId, deviceId: `${actorId}-${device}`, sessionId: `${actorId}-${device}-s` },
  });
  const parsed = ({ call }: { call: callV1.Call | undefined }) =>
    callSchema.parse(JSON.parse(call?.json ?? '')) as CallObject;
  const invite = async (actorId: string, conversationId: string) =>
    parsed(
      await calls.invite({
        ...who(actorId),
        ...{ conversationId, calleeIds: [], media: ['audio'], idempotencyKey: '' },
      }),
    );
  const act = async (action: string, actor: ReturnType<typeof who>, callId: string) =>
    parsed(await calls.act({ ...actor, callId, action, reason: '' }));
  const stateOf = async (actorId: string, callId: string) => parsed(await calls.getCall({ actorId, callId }));

  it('takes a call from invitation to the log, and speaks as its contract says', async () => {
    const { callId } = await invite('ann', 'ann+bob');
    await act('ringing', who('bob'), callId);
    expect((await act('accept', who('bob'), callId)).state).toBe('connecting');
    const signal = { callId, toUserId: 'ann', toDeviceId: '', kind: 'answer', dataJson: '{"sdp":"v=0\\r\\n"}' };
    await calls.signal({ ...who('bob'), ...signal });
    expect((await stateOf('ann', callId)).state).toBe('active');
    expect(await act('hangup', who('ann'), callId)).toMatchObject({ state: 'ended', outcome: 'completed' });
    await vi.waitFor(() => expect(neighbours.of(callId)).toEqual(['call.started', 'call.ended completed']));
    const schemas = Object.fromEntries(Object.values(callEvents).map(({ event, payload }) => [event, payload]));
    for (const { event, payloadJson } of neighbours.pushes) schemas[event]?.parse(JSON.parse(payloadJson));
    expect(neighbours.pushes.map(({ event }) => event)).toContain('call:incoming');
    const sent = neighbours.pushes.find(({ event }) => event === 'call:signal');
    expect(sent).toMatchObject({ userIds: [], sessionIds: ['ann-phone-s'] });
    expect(JSON.parse(sent?.payloadJson ?? '')).toMatchObject({
      fromUserId: 'bob',
      kind: 'answer',
      data: { sdp: 'v=0\r\n' },
    });
    const page = { cursor: '', limit: 0 };
    const { calls: listed } = await calls.listCalls({ actorId: 'bob', activeOnly: false, page });
    expect(listed.map((one) => one.callId)).toEqual([callId]);
    expect((await calls.listCalls({ actorId: 'bob', activeOnly: true, page: undefined })).calls).toEqual([]);
  });

  it('ends a call that nobody takes, though the process restarted while it rang', async () => {
    const { callId } = await invite('ann', 'ann+bob');
    await stop();
    await start();
    await vi.waitFor(async () => expect(await stateOf('bob', callId)).toMatchObject({ outcome: 'missed' }), 5000);
    await vi.waitFor(() => expect(neighbours.of(callId)).toEqual(['call.started', 'call.ended missed']));
  });

  it('brings into the log later what it did not take at once, in order', async () => {
    neighbours.logIsDown = true;
    const { callId } = await invite('ann', 'ann+bob');
    await act('reject', who('bob'), callId);
    expect(neighbours.of(callId)).toEqual([]);
    neighbours.logIsDown = false;
    await vi.waitFor(() => expect(neighbours.of(callId)).toEqual(['call.started', 'call.ended rejected']), 5000);
  });

  it('lets one of many devices take a call', async () => {
    const { callId } = await invite('ann', 'ann+bob');
    const devices = ['phone', 'tablet', 'web', 'watch'].map((name) => who('bob', name));
    const answers = await Promise.allSettled(devices.map((device) => act('accept', device, callId)));
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'call.answered_elsewhere' });
    const elsewhere = neighbours.pushes.filter((push) => push.payloadJson.includes('answered_elsewhere'));
    expect(elsewhere).toHaveLength(1);
    expect(elsewhere[0]).toMatchObject({
      userIds: ['bob'],
      exceptSessionId: `${(await stateOf('ann', callId)).participants[1]?.deviceId}-s`,
    });
    await act('hangup', who('ann'), callId);
  });

  it('ends a call whose device stays away', async () => {
    const { callId } = await invite('ann', 'ann+bob');
    await act('accept', who('bob'), callId);
    const { actorId, ...device } = who('bob');
    await app.get(DeviceGone, { strict: false }).execute({ userId: actorId, ...device } as never);
    await vi.waitFor(async () => expect(await stateOf('ann', callId)).toMatchObject({ outcome: 'failed' }), 5000);
  });

  it('answers strangers as if there were no call, and refuses what it does not know', async () => {
    const { callId } = await invite('ann', 'ann+bob');
    await expect(act('hangup', who('eve'), callId)).rejects.toMatchObject({ code: 'call.not_found' });
    await expect(stateOf('eve', callId)).rejects.toMatchObject({ code: 'call.not_found' });
    await expect(invite('eve', 'ann+bob')).rejects.toMatchObject({ code: 'conversation.not_found' });
    await expect(act('explode', who('bob'), callId)).rejects.toMatchObject({ code: 'request.invalid' });
    await act('cancel', who('ann'), callId);
  });

  it('gives out ICE servers with credentials', async () => {
    const { iceServers, ttlSeconds } = await calls.getIceServers({ actorId: 'ann' });
    expect(ttlSeconds).toBe(600);
    expect(iceServers).toEqual([
      { urls: ['turn:t.example.org'], username: expect.stringMatching(/^\d+:ann$/), credential: expect.any(String) },
    ]);
  });
});
