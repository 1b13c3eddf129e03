import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../domain/outgoing.js';
import { GatewayNodes, type NodeCall } from '../ports/gateway-nodes.js';
import { NodeLanes } from './node-lanes.js';

const delivery = (event: string, more: Partial<Delivery> = {}): Delivery => ({
  userIds: ['ann'],
  sessionIds: [],
  subscribersOf: '',
  exceptUserIds: [],
  exceptSessionId: '',
  event,
  payloadJson: '{}',
  conversationId: '',
  membersSeq: 0,
  joinedAfter: 0,
  joinedUntil: 0,
  ...more,
});

/** Nodes that answer as gateways do: another process than the one that is meant takes nothing. */
class FakeNodes extends GatewayNodes {
  readonly got: Record<string, string[]> = {};
  readonly missed: { userIds: string[]; conversationIds: string[]; everybody: boolean; newestAgeMs: number }[] = [];
  readonly silent = new Set<string>();
  process = 'p1';
  attempts = 0;
  running = 0;
  most = 0;

  async deliver(nodeId: string, { deliveries, process, missed, now }: NodeCall) {
    this.attempts += 1;
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.running -= 1;
    if (this.silent.has(nodeId)) throw new Error('silent');
    if (process !== '' && process !== this.process) return { sockets: [], process: this.process };
    if (missed !== undefined)
      this.missed.push({
        userIds: [...missed.userIds],
        conversationIds: [...missed.conversationIds],
        everybody: missed.everybody,
        newestAgeMs: now - missed.newestAt,
      });
    (this.got[nodeId] ??= []).push(...deliveries.map((one) => one.event));
    return { sockets: deliveries.map(() => 1), process: this.process };
  }
}

const limits = {
  maxParked: 4,
  firstPauseMs: 5,
  lastPauseMs: 10,
  giveUpMs: 1000,
  freshMs: 500,
  forgetMs: 10_000,
  maxCall: 1000,
};

describe('NodeLanes', () => {
  let nodes: FakeNodes;
  let lanes: NodeLanes;
  let now: number;

  beforeEach(() => {
    nodes = new FakeNodes();
    now = 1000;
    lanes = new NodeLanes(nodes, () => now, limits);
  });

  const meet = () => lanes.send('n1', [delivery('hello')]);
  const got = () => (nodes.got['n1'] ?? []).filter((event) => event !== 'hello');

  it('calls a node once at a time, in order, and gathers what comes meanwhile', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((event) => lanes.send('n1', [delivery(event)])));
    expect(answers).toEqual([[1], [1], [1], [1]]);
    expect(nodes.got['n1']).toEqual(['a', 'b', 'c', 'd']);
    expect(nodes.attempts).toBe(2);
    expect(nodes.most).toBe(1);
  });

  it('makes no call larger than the wire takes', async () => {
    const large = ['a', 'b', 'c'].map((event) => delivery(event, { payloadJson: 'x'.repeat(700) }));
    expect(await lanes.send('n1', large)).toEqual([1, 1, 1]);
    expect(nodes.attempts).toBe(3);
    const answers = await Promise.all(large.map((one) => lanes.send('n1', [one])));
    expect(answers).toEqual([[1], [1], [1]]);
    expect(nodes.attempts).toBe(6);
    expect(got()).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('is not held up by a node that fails, and hands over in order what it missed', async () => {
    nodes.silent.add('n1');
    expect(await lanes.send('n1', [delivery('a')])).toEqual([0]);
    expect(await lanes.send('n1', [delivery('b'), delivery('c')])).toEqual([0, 0]);
    expect(await lanes.send('n2', [delivery('x')])).toEqual([1]);
    expect([lanes.depth, lanes.parked]).toEqual([3, 3]);
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(nodes.got['n1']).toEqual(['a', 'b', 'c']));
    await vi.waitFor(() => expect(lanes.depth).toBe(0));
    expect(await lanes.send('n1', [delivery('d')])).toEqual([1]);
    expect(nodes.missed).toEqual([]);
  });

  it('drops the oldest when too much waits, and says for whom', async () => {
    nodes.silent.add('n1');
    for (const event of ['a', 'b', 'c', 'd', 'e', 'f'])
      await lanes.send('n1', [
        delivery(event, { userIds: [`user-${event}`], subscribersOf: event === 'b' ? 'room' : '' }),
      ]);
    expect(lanes.depth).toBe(4);
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(nodes.got['n1']).toEqual(['c', 'd', 'e', 'f']));
    expect(nodes.missed).toMatchObject([{ userIds: ['user-a', 'user-b'], conversationIds: ['room'] }]);
  });

  it('leaves nobody behind who is connected to a node that was given up and wakes', async () => {
    await meet();
    nodes.silent.add('n1');
    await lanes.send('n1', [delivery('a', { userIds: ['ann'] }), delivery('b', { userIds: ['bob'] })]);
    now += limits.giveUpMs + 1;
    await vi.waitFor(() => expect(lanes.depth).toBe(0));
    now += 200;
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(nodes.missed).toHaveLength(1));
    expect(nodes.missed).toMatchObject([{ userIds: ['ann', 'bob'], conversationIds: [], everybody: false }]);
    expect(nodes.missed[0]?.newestAgeMs).toBeGreaterThan(limits.giveUpMs);
    expect(got()).toEqual([]);
    expect(await lanes.send('n1', [delivery('c')])).toEqual([1]);
    expect(nodes.missed, 'told once').toHaveLength(1);
  });

  it('hands to a new process under an old name only what is fresh', async () => {
    await meet();
    nodes.silent.add('n1');
    await lanes.send('n1', [delivery('old', { userIds: ['bob'] })]);
    now += limits.freshMs + 1;
    await lanes.send('n1', [delivery('new')]);
    nodes.process = 'p2';
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(got()).toEqual(['new']));
    expect(nodes.missed).toMatchObject([{ userIds: ['bob'] }]);
  });

  it('of a delivery that was stopped in the middle, sends nothing that is as old as the stop', async () => {
    await meet();
    const first = lanes.send('n1', [delivery('a')]);
    const second = lanes.send('n1', [delivery('b')]);
    now += limits.giveUpMs + 1;
    expect([await first, await second]).toEqual([[1], [0]]);
    expect(got()).toEqual(['a']);
    await vi.waitFor(() => expect(nodes.missed).toHaveLength(1));
  });

  it('says everybody where it would have to name too many', async () => {
    await meet();
    nodes.silent.add('n1');
    const userIds = Array.from({ length: 20_001 }, (_, n) => `user-${n}`);
    await lanes.send('n1', [delivery('a', { userIds })]);
    now += limits.giveUpMs + 1;
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(nodes.missed).toMatchObject([{ userIds: [], everybody: true }]));
  });

  it('forgets a node that stays silent', async () => {
    nodes.silent.add('n1');
    await lanes.send('n1', [delivery('a')]);
    now += limits.forgetMs + 1;
    await vi.waitFor(() => expect(lanes.depth).toBe(0));
    await vi.waitFor(() => expect(nodes.running).toBe(0));
    nodes.silent.delete('n1');
    expect(await lanes.send('n1', [delivery('b')])).toEqual([1]);
    expect(nodes.missed).toEqual([]);
  });

  it('drops what waits when it is stopped', async () => {
    nodes.silent.add('n1');
    await lanes.send('n1', [delivery('a')]);
    lanes.stop();
    expect(lanes.depth).toBe(0);
  });
});
