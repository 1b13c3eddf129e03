import { describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../domain/outgoing.js';
import { GatewayNodes } from '../ports/gateway-nodes.js';
import { NodeLanes } from './node-lanes.js';

const delivery = (event: string): Delivery => ({
  userIds: ['ann'],
  sessionIds: [],
  subscribersOf: '',
  exceptUserIds: [],
  exceptSessionId: '',
  event,
  payloadJson: '{}',
});

class FakeNodes extends GatewayNodes {
  readonly got: Record<string, string[]> = {};
  readonly silent = new Set<string>();
  attempts = 0;
  running = 0;
  most = 0;

  async deliver(nodeId: string, deliveries: Delivery[]): Promise<number[]> {
    this.attempts += 1;
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.running -= 1;
    if (this.silent.has(nodeId)) throw new Error('silent');
    (this.got[nodeId] ??= []).push(...deliveries.map((one) => one.event));
    return deliveries.map(() => 1);
  }
}

const limits = { maxParked: 4, firstPauseMs: 5, lastPauseMs: 10, giveUpMs: 1000 };

describe('NodeLanes', () => {
  it('calls a node once at a time, in order, and gathers what comes meanwhile', async () => {
    const nodes = new FakeNodes();
    const lanes = new NodeLanes(nodes);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((event) => lanes.send('n1', [delivery(event)])));
    expect(answers).toEqual([[1], [1], [1], [1]]);
    expect(nodes.got['n1']).toEqual(['a', 'b', 'c', 'd']);
    expect(nodes.attempts).toBe(2);
    expect(nodes.most).toBe(1);
  });

  it('is not held up by a node that fails, and hands over in order what it missed', async () => {
    const nodes = new FakeNodes();
    nodes.silent.add('n1');
    const lanes = new NodeLanes(nodes, limits);
    expect(await lanes.send('n1', [delivery('a')])).toEqual([0]);
    expect(await lanes.send('n1', [delivery('b'), delivery('c')])).toEqual([0, 0]);
    expect(await lanes.send('n2', [delivery('x')])).toEqual([1]);
    expect([lanes.depth, lanes.parked]).toEqual([3, 3]);
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(nodes.got['n1']).toEqual(['a', 'b', 'c']));
    await vi.waitFor(() => expect(lanes.depth).toBe(0));
    expect(await lanes.send('n1', [delivery('d')])).toEqual([1]);
  });

  it('drops the oldest when too much waits', async () => {
    const nodes = new FakeNodes();
    nodes.silent.add('n1');
    const lanes = new NodeLanes(nodes, limits);
    for (const event of ['a', 'b', 'c', 'd', 'e', 'f']) await lanes.send('n1', [delivery(event)]);
    expect(lanes.depth).toBe(4);
    nodes.silent.delete('n1');
    await vi.waitFor(() => expect(nodes.got['n1']).toEqual(['c', 'd', 'e', 'f']));
  });

  it('gives up a node that stays silent', async () => {
    const nodes = new FakeNodes();
    nodes.silent.add('n1');
    const lanes = new NodeLanes(nodes, { ...limits, giveUpMs: 30 });
    await lanes.send('n1', [delivery('a')]);
    await vi.waitFor(() => expect(lanes.depth).toBe(0));
    nodes.silent.delete('n1');
    expect(await lanes.send('n1', [delivery('b')])).toEqual([1]);
    expect(nodes.got['n1']).toEqual(['b']);
  });

  it('drops what is parked when it is stopped', async () => {
    const nodes = new FakeNodes();
    nodes.silent.add('n1');
    const lanes = new NodeLanes(nodes, limits);
    await lanes.send('n1', [delivery('a')]);
    lanes.stop();
    expect(lanes.depth).toBe(0);
  });
});
