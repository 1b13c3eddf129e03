import type { CallId, UserId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { callView } from '../domain/call-view.js';
import { signalPush } from '../domain/signal.js';
import { desk, device, TIMES } from '../testing/desk.js';
import { InMemoryCallStore } from '../testing/in-memory-call-store.js';

const [ann, annsTablet, bob, bobsTablet] = [
  device('ann'),
  device('ann', 'tablet'),
  device('bob'),
  device('bob', 'tablet'),
];
const code = (expected: string) => expect.objectContaining({ code: expected });

let store: InMemoryCallStore;
let d: ReturnType<typeof desk>;
beforeEach(() => {
  store = new InMemoryCallStore();
  d = desk({ calls: store, pending: store.pending });
});
const logged = async () => {
  await d.relay.flush();
  return d.conversation.log.map(({ type, dataJson }) => [type, (JSON.parse(dataJson) as { outcome?: string }).outcome]);
};

describe('a call', () => {
  it('rings on all devices of the other, is taken on one, and ends for both', async () => {
    const call = await d.invite(ann, { media: ['audio', 'video'] });
    for (const who of [bob, bobsTablet])
      expect(d.devices.to('bob', who.sessionId, 'call:incoming')).toEqual([{ call: callView(call) }]);
    expect(d.devices.to('ann', annsTablet.sessionId, 'call:changed')).toHaveLength(1);
    expect(d.devices.to('ann', ann.sessionId, 'call:changed')).toHaveLength(0);
    await d.act('ringing', bob, call);
    const taken = await d.act('accept', bob, call);
    expect(taken).toMatchObject({ state: 'connecting', answeredAt: d.clock.now() });
    await d.signal(bob, 'ann', call, {}, 'answer');
    d.clock.pass(5000);
    const over = await d.act('hangup', ann, call, 'bye');
    expect(callView(over)).toMatchObject({ state: 'ended', outcome: 'completed', reason: 'bye', durationMs: 5000 });
    const seen = d.devices
      .to('ann', ann.sessionId, 'call:changed')
      .map((one) => (one['call'] as { state: string }).state);
    expect(seen).toEqual(['ringing', 'connecting', 'active', 'ended']);
    expect(await logged()).toEqual([
      ['call.started', undefined],
      ['call.ended', 'completed'],
    ]);
    expect(JSON.parse(d.conversation.log[1]?.dataJson ?? '')).toEqual({
      ...{ callId: call.callId, callerId: 'ann', media: ['audio', 'video'], outcome: 'completed', durationMs: 5000 },
    });
  });

  it('tells the other devices of who took it that it is over for them, and everybody how it ended', async () => {
    const call = await d.invite(ann);
    await d.act('accept', bob, call);
    const outcomes = (sessionId: string) =>
      d.devices.to('bob', sessionId, 'call:changed').map((one) => (one['call'] as { outcome?: string }).outcome);
    expect(outcomes(bobsTablet.sessionId)).toEqual(['answered_elsewhere']);
    expect(outcomes(bob.sessionId)).toEqual([undefined]);
    await expect(d.act('accept', bobsTablet, call)).rejects.toEqual(code('call.answered_elsewhere'));
    await d.act('hangup', bob, call);
    expect(outcomes(bobsTablet.sessionId)).toEqual(['answered_elsewhere', 'completed']);
  });

  it('is missed when nobody takes it in time, also by another process after a restart', async () => {
    const call = await d.invite(ann);
    d.clock.pass(TIMES.ringMs - 1);
    expect(await d.sweep.execute()).toBe(0);
    d.clock.pass(1);
    const next = desk({ ...d, name: 'after' });
    expect(await next.sweep.execute()).toBe(1);
    expect(await store.find(call.callId)).toMatchObject({ state: 'ended', outcome: 'missed' });
    await expect(d.act('accept', bob, call)).rejects.toEqual(code('call.ended'));
    expect(await logged()).toEqual([
      ['call.started', undefined],
      ['call.ended', 'missed'],
    ]);
  });

  it('rings again for those who come online, until a device says that it rings', async () => {
    const rung = () => d.devices.to('bob', bob.sessionId, 'call:incoming').length;
    const call = await d.invite(ann);
    await d.again.execute();
    expect(rung()).toBe(1);
    d.clock.pass(1000);
    await d.again.execute();
    expect(rung()).toBe(2);
    await d.act('ringing', bob, call);
    await d.again.execute();
    expect(rung()).toBe(2);
    expect(d.devices.to('ann', ann.sessionId, 'call:incoming')).toEqual([]);
  });

  it('fails when a device stays away, and goes on when it comes back', async () => {
    const call = await d.invite(ann);
    await d.act('accept', bob, call);
    await d.gone.execute(bobsTablet);
    await d.gone.execute(device('carl'));
    await d.gone.execute(bob);
    d.clock.pass(TIMES.graceMs - 1);
    await d.back.execute(bob);
    await d.back.execute(device('carl'));
    d.clock.pass(2);
    expect(await d.sweep.execute()).toBe(0);
    await d.gone.execute(ann);
    d.clock.pass(TIMES.graceMs);
    expect(await d.sweep.execute()).toBe(1);
    expect(await store.find(call.callId)).toMatchObject({ state: 'ended', outcome: 'failed' });
  });
});

describe('inviting', () => {
  it('is for members who may send, to one who is a member', async () => {
    d.conversation.set('muted', 'direct', { ann: false, bob: true });
    d.conversation.set('group', 'group', { ann: true, bob: true, carl: true });
    d.conversation.set('notes', 'self', { ann: true });
    const to = (conversationId: string, ...calleeIds: string[]) =>
      d.invite(ann, { conversationId: conversationId as never, calleeIds: calleeIds as UserId[] });
    await expect(d.invite(device('eve'))).rejects.toEqual(code('conversation.not_found'));
    await expect(to('nowhere')).rejects.toEqual(code('conversation.not_found'));
    await expect(to('muted')).rejects.toEqual(code('call.not_allowed'));
    await expect(to('notes')).rejects.toEqual(code('call.callee_not_found'));
    await expect(to('group')).rejects.toEqual(code('call.group_not_supported'));
    await expect(to('group', 'bob', 'carl')).rejects.toEqual(code('call.group_not_supported'));
    await expect(to('group', 'eve')).rejects.toEqual(code('call.callee_not_found'));
    await expect(to('group', 'ann')).rejects.toEqual(code('call.callee_not_found'));
    const call = await to('group', 'carl');
    expect(call.participants.map((one) => one.userId)).toEqual(['ann', 'carl']);
  });

  it('of one who is in a call ends at once as busy, and nothing rings', async () => {
    d.conversation.set('other', 'direct', { carl: true, bob: true });
    const first = await d.invite(ann);
    for (const state of ['ringing', 'connecting']) {
      expect((await store.find(first.callId))?.state).toBe(state);
      const call = await d.invite(device('carl'), { conversationId: 'other' as never });
      expect(call).toMatchObject({ state: 'ended', outcome: 'busy' });
      if (state === 'ringing') await d.act('accept', bob, first);
    }
    expect(d.devices.to('bob', bob.sessionId, 'call:incoming')).toHaveLength(1);
    expect(await d.get.execute({ actorId: 'carl' as UserId, callId: 'call-0003' as CallId })).toMatchObject({
      outcome: 'busy',
    });
    expect((await logged()).filter(([, outcome]) => outcome === 'busy')).toHaveLength(2);
  });

  it('twice from one device is one call; from another device it is refused', async () => {
    const call = await d.invite(ann);
    expect((await d.invite(ann)).callId).toBe(call.callId);
    await expect(d.invite(annsTablet)).rejects.toEqual(code('call.already_in_call'));
    await d.act('accept', bob, call);
    await expect(d.invite(ann)).rejects.toEqual(code('call.already_in_call'));
    await expect(d.invite(bob)).rejects.toEqual(code('call.already_in_call'));
  });

  it('with a key answers the first call, also when it is over', async () => {
    const call = await d.invite(ann, { idempotencyKey: 'k' });
    await d.act('cancel', ann, call);
    expect((await d.invite(ann, { idempotencyKey: 'k' })).callId).toBe(call.callId);
    expect((await d.invite(ann, { idempotencyKey: 'k2' })).callId).not.toBe(call.callId);
  });

  it('the one who is calling me right now takes their call', async () => {
    const [one, two] = await Promise.all([d.invite(ann), d.invite(bob)]);
    expect(one.callId).toBe(two.callId);
    expect(await store.find(one.callId)).toMatchObject({ state: 'connecting', callerId: 'ann' });
    d.conversation.set('group', 'group', { ann: true, bob: true });
    await d.act('hangup', ann, one);
    await d.invite(ann);
    const elsewhere = d.invite(bob, { conversationId: 'group' as never, calleeIds: ['ann' as UserId] });
    await expect(elsewhere).rejects.toEqual(code('call.already_in_call'));
  });
});

describe('authorization of a call', () => {
  it('answers strangers as if there were none', async () => {
    const call = await d.invite(ann);
    const eve = device('eve');
    for (const action of ['ringing', 'accept', 'reject', 'cancel', 'hangup'] as const)
      for (const target of [call, { ...call, callId: 'nothing' as CallId }])
        await expect(d.act(action, eve, target)).rejects.toEqual(code('call.not_found'));
    await expect(d.signal(eve, 'bob', call)).rejects.toEqual(code('call.not_found'));
    await expect(d.get.execute({ actorId: 'eve' as UserId, callId: call.callId })).rejects.toEqual(
      code('call.not_found'),
    );
    expect((await d.list.execute({ actorId: 'eve' as UserId, activeOnly: false, page: { limit: 9 } })).items).toEqual(
      [],
    );
  });

  it('does not let in who was removed while it rang, but lets them decline', async () => {
    const call = await d.invite(ann);
    d.conversation.set('direct', 'direct', { ann: true });
    await expect(d.act('accept', bob, call)).rejects.toEqual(code('call.not_found'));
    expect(await d.act('reject', bob, call)).toMatchObject({ outcome: 'rejected' });
  });

  it('allows nothing new while the message service does not answer, and lets calls end', async () => {
    const call = await d.invite(ann);
    d.conversation.isDown = true;
    await expect(d.invite(device('carl'))).rejects.toEqual(code('server.unavailable'));
    await expect(d.act('accept', bob, call)).rejects.toEqual(code('server.unavailable'));
    await d.act('cancel', ann, call);
    await expect(d.relay.flush()).rejects.toEqual(code('server.unavailable'));
    d.conversation.isDown = false;
    expect(await logged()).toEqual([
      ['call.started', undefined],
      ['call.ended', 'cancelled'],
    ]);
    expect(await store.pending.oldest(9)).toEqual([]);
  });
});

describe('signals', () => {
  const signals = (userId: string, sessionId: string) => d.devices.to(userId, sessionId, 'call:signal');

  it('go from device to device, unchanged and in order', async () => {
    const call = await d.invite(ann);
    await d.act('accept', bob, call);
    const data = Array.from({ length: 30 }, (_, at) => ({
      candidate: `c${at}`,
      deep: [{ __proto__x: 'ü\ud83d\ude00' }],
    }));
    await Promise.all(data.map((each) => d.signal(ann, 'bob', call, each)));
    expect(signals('bob', bob.sessionId).map((one) => one['data'])).toEqual(data);
    expect(signals('bob', bob.sessionId)[0]).toMatchObject({
      ...{ callId: call.callId, fromUserId: 'ann', fromDeviceId: ann.deviceId, kind: 'candidate' },
    });
    expect(signals('bob', bobsTablet.sessionId)).toEqual([]);
  });

  it('reach all devices that may ring before one took it, and come from the caller only', async () => {
    const call = await d.invite(ann);
    await d.signal(ann, 'bob', call, { sdp: 'x' }, 'offer');
    for (const who of [bob, bobsTablet]) expect(signals('bob', who.sessionId)).toHaveLength(1);
    await expect(d.signal(bob, 'ann', call)).rejects.toEqual(code('call.not_allowed'));
    await expect(d.signal(annsTablet, 'bob', call)).rejects.toEqual(code('call.answered_elsewhere'));
  });

  it('go to nobody else, and nowhere once it is over', async () => {
    const call = await d.invite(ann);
    await d.act('accept', bob, call);
    for (const to of ['eve', 'ann']) await expect(d.signal(ann, to, call)).rejects.toEqual(code('call.not_allowed'));
    await expect(d.signal(bobsTablet, 'ann', call)).rejects.toEqual(code('call.answered_elsewhere'));
    await d.act('hangup', ann, call);
    await expect(d.signal(ann, 'bob', call)).rejects.toEqual(code('call.ended'));
  });

  it('have at most 64 KiB, and are JSON', async () => {
    const call = await d.invite(ann);
    await d.signal(ann, 'bob', call, 'x'.repeat(64 * 1024 - 2));
    await expect(d.signal(ann, 'bob', call, 'x'.repeat(64 * 1024 - 1))).rejects.toEqual(code('limit.size'));
    await expect(d.signal(ann, 'bob', call, 'ü'.repeat(40_000))).rejects.toEqual(code('limit.size'));
    const broken = { from: ann, toUserId: 'bob' as UserId, toDeviceId: '', kind: 'offer' as const };
    for (const dataJson of ['', '{}}', '{"a":1}]42["b",{}', 'undefined'])
      expect(() => signalPush(call, { ...broken, dataJson })).toThrow(code('request.invalid'));
  });

  it('tell their sender when they could not be handed over', async () => {
    const call = await d.invite(ann);
    d.devices.isDown = true;
    await expect(d.signal(ann, 'bob', call)).rejects.toEqual(code('server.unavailable'));
  });

  it('show that a device is back, with the session it has now', async () => {
    const call = await d.invite(ann);
    await d.act('accept', bob, call);
    await d.gone.execute(bob);
    await d.signal(device('bob', 'phone', '-2'), 'ann', call);
    await d.signal(ann, 'bob', call, 'hello');
    expect(signals('bob', 'bob-phone-session-2')).toHaveLength(1);
    expect((await store.find(call.callId))?.deadlineAt).toBe(call.createdAt + TIMES.connectMs);
  });
});

describe('facts of calls', () => {
  it('that the log never takes are dropped and told, and hold up nothing', async () => {
    d.conversation.set('group', 'group', { ann: true, bob: true });
    await d.invite(ann);
    d.conversation.isDown = true;
    const call = await store.liveCallOf('ann' as UserId);
    await d.act('cancel', ann, call as NonNullable<typeof call>);
    d.conversation.isDown = false;
    const gone = { changeId: 'x.started', conversationId: 'gone' as never, actorId: 'ann' as UserId };
    await store.begin({ ...(call as NonNullable<typeof call>), callId: 'x' as CallId, state: 'ended' }, '', [
      { ...gone, type: 'call.started', dataJson: '{}' },
    ]);
    await d.relay.flush();
    expect(d.refused).toEqual(['x.started']);
    expect(await logged()).toHaveLength(2);
  });
});
