import { createHmac } from 'node:crypto';
import { eventually, never } from '@parley/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Device } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { LogEvent, Page } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Call {
  callId: string;
  conversationId: string;
  state: string;
  outcome?: string;
  participants: { userId: string; state: string }[];
}

const TURN_SECRET = 'a shared secret of this test only';

describe('calls', () => {
  const server = useServer('calls', {
    PARLEY_CALL_RING_SECONDS: '3',
    PARLEY_TURN_URLS: 'turn:turn.example.org:3478?transport=udp',
    PARLEY_TURN_SECRET: TURN_SECRET,
    PARLEY_TURN_TTL_SECONDS: '600',
  });
  let alice: Person;
  let bob: Person;
  let conversationId: string;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    conversationId = await alice.directWith(bob);
  });

  const invite = async (device: Device, media = ['audio']) =>
    (await device.request<{ call: Call }>('call:invite', { conversationId, media })).call;
  const act = async (device: Device, action: string, callId: string) =>
    (await device.request<{ call: Call }>(`call:${action}`, { callId })).call;
  const incoming = (device: Device, callId: string) =>
    device.next<{ call: Call }>('call:incoming', ({ call }) => call.callId === callId);
  const changedTo = (device: Device, callId: string, fits: (call: Call) => boolean, deadlineMs = 5000) =>
    device.next<{ call: Call }>('call:changed', ({ call }) => call.callId === callId && fits(call), deadlineMs);
  const ended = (device: Device, callId: string, outcome: string, deadlineMs?: number) =>
    changedTo(device, callId, (call) => call.state === 'ended' && call.outcome === outcome, deadlineMs);

  it('invite, ringing, accept, signals in order, hang up; start and end are in the log', async () => {
    const [a, b] = [await alice.connect(), await bob.connect()];
    const { callId } = await invite(a, ['audio', 'video']);
    expect((await incoming(b, callId)).call).toMatchObject({ conversationId, state: 'ringing' });
    await act(b, 'ringing', callId);
    await act(b, 'accept', callId);
    await changedTo(a, callId, (call) => call.state === 'connecting' || call.state === 'active');
    const signal = (device: Device, toUserId: string, kind: string, data: unknown) =>
      device.request('call:signal', { callId, toUserId, kind, data });
    await signal(a, bob.id, 'offer', { sdp: 'v=0\r\n offer' });
    await signal(b, alice.id, 'answer', { sdp: 'v=0\r\n answer' });
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => signal(a, bob.id, 'candidate', { candidate: `c${n}`, sdpMid: '0' })),
    );
    const signals = await eventually('all signals', () => {
      const all = b.all<{ callId: string; fromUserId: string; kind: string; data: Record<string, unknown> }>(
        'call:signal',
      );
      return all.length === 31 ? all : undefined;
    });
    expect(signals[0]).toMatchObject({ callId, fromUserId: alice.id, kind: 'offer', data: { sdp: 'v=0\r\n offer' } });
    expect(signals.slice(1).map((one) => one.data['candidate'])).toEqual(Array.from({ length: 30 }, (_, n) => `c${n}`));
    expect(a.all('call:signal')).toHaveLength(1);
    await act(b, 'hangup', callId);
    await ended(a, callId, 'completed');
    const log = await eventually('call events', async () => {
      const { items } = await alice.api.get<Page<LogEvent>>(`/conversations/${conversationId}/events?limit=500`);
      const own = items.filter(
        (event) => event.type.startsWith('call.') && JSON.stringify(event.data).includes(callId),
      );
      return own.length === 2 ? own : undefined;
    });
    expect(log.map((event) => event.type)).toEqual(['call.started', 'call.ended']);
    expect(await bob.api.get<Call>(`/calls/${callId}`)).toMatchObject({ callId, state: 'ended', outcome: 'completed' });
  });

  it('reject and cancel end it on both sides', async () => {
    const [a, b] = [await alice.connect(), await bob.connect()];
    const first = await invite(a);
    await incoming(b, first.callId);
    await act(b, 'reject', first.callId);
    await ended(a, first.callId, 'rejected');
    const second = await invite(a);
    await incoming(b, second.callId);
    await act(a, 'cancel', second.callId);
    await ended(b, second.callId, 'cancelled');
    expect((await b.refusal('call:accept', { callId: second.callId })).code).toMatch(/^call\./);
  });

  it('nobody answers: missed after the ring time', async () => {
    const [a, b] = [await alice.connect(), await bob.connect()];
    const { callId } = await invite(a);
    await incoming(b, callId);
    await ended(a, callId, 'missed', 6000);
    await ended(b, callId, 'missed');
  });

  it('taken on one device, the others stop ringing', async () => {
    const [a, phone] = [await alice.connect(), await bob.connect()];
    const tablet = (await bob.anotherDevice('tablet')).device;
    const { callId } = await invite(a);
    await Promise.all([incoming(phone, callId), incoming(tablet, callId)]);
    await act(tablet, 'accept', callId);
    // The other device has to learn it from the call itself, whatever the whole call's outcome will be.
    await phone.next<{ call: Call }>('call:changed', ({ call }) => call.callId === callId && call.state !== 'ringing');
    expect((await phone.refusal('call:accept', { callId })).code).toMatch(/^call\./);
    await act(a, 'hangup', callId);
    await ended(tablet, callId, 'completed');
  });

  it('who is in a call is busy', async () => {
    const [carol] = (await people(server.current, 'carol')) as [Person];
    const other = await carol.directWith(bob);
    const [a, b, c] = [await alice.connect(), await bob.connect(), await carol.connect()];
    const { callId } = await invite(a);
    await incoming(b, callId);
    await act(b, 'accept', callId);
    b.forget();
    const ack = await c.ask('call:invite', { conversationId: other, media: ['audio'] });
    if (ack.ok) {
      const { call } = ack.data as { call: Call };
      if (call.state !== 'ended') await ended(c, call.callId, 'busy');
      else expect(call.outcome).toBe('busy');
    } else expect(ack.error.code).toBe('call.busy');
    await never('ringing at one who talks', () => b.all('call:incoming').length > 0);
    await act(a, 'hangup', callId);
  });

  it('outsiders can neither see, join nor signal', async () => {
    const [eve] = (await people(server.current, 'eve')) as [Person];
    const [a, b, e] = [await alice.connect(), await bob.connect(), await eve.connect()];
    expect((await e.refusal('call:invite', { conversationId, media: ['audio'] })).code).toMatch(
      /not_found|not_a_member/,
    );
    const { callId } = await invite(a);
    await incoming(b, callId);
    for (const event of ['call:accept', 'call:hangup', 'call:reject'])
      expect((await e.refusal(event, { callId })).code, event).toMatch(/not_found/);
    const signal = { callId, toUserId: bob.id, kind: 'offer', data: {} };
    expect((await e.refusal('call:signal', signal)).code).toMatch(/not_found/);
    expect((await eve.api.refusal('GET', `/calls/${callId}`)).status).toBe(404);
    await act(a, 'cancel', callId);
  });

  it('ICE servers carry credentials that the TURN server can check and that end', async () => {
    const answer = await alice.api.get<{
      iceServers: { urls: string | string[]; username?: string; credential?: string }[];
      ttlSeconds: number;
    }>('/calls/ice-servers');
    const turn = answer.iceServers.find((one) => one.username);
    expect([turn?.urls].flat()).toEqual(['turn:turn.example.org:3478?transport=udp']);
    const expiry = Number(turn?.username?.split(':')[0]);
    expect(answer.ttlSeconds).toBe(600);
    expect(Math.abs(expiry - (Date.now() / 1000 + 600))).toBeLessThan(30);
    expect(turn?.credential).toBe(
      createHmac('sha1', TURN_SECRET)
        .update(turn?.username ?? '')
        .digest('base64'),
    );
    expect((await alice.api.call('GET', '/calls/ice-servers', { token: null })).status).toBe(401);
  });
});
