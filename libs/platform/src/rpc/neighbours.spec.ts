import { InMemoryRegistry } from '@parley/adapter-consul';
import type { GrpcClients, PeerView } from '@parley/adapter-grpc';
import { register } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Health } from '../ops/health.js';
import { CallMetrics } from './call-metrics.js';
import { gatewayNodes, watchNeighbours } from './neighbours.js';

const peer = (service: string, instance: string, more: Partial<PeerView> = {}): PeerView => ({
  service,
  instance,
  address: `${instance}:1`,
  breaker: 'closed',
  reachable: true,
  inFlight: 0,
  waiting: 0,
  ...more,
});
const clientsOf = (peers: PeerView[]) => ({ view: () => peers }) as GrpcClients;
const gateway = (instance: string, service = 'api-gateway') => ({
  service,
  instance,
  address: `${instance}:1`,
  version: '1',
  zone: '',
  adminUrl: '',
});

describe('who must be told of a revocation', () => {
  it('is every gateway that is there, and every one that was lately', async () => {
    const registry = new InMemoryRegistry();
    const first = await registry.register(gateway('g-1'));
    await registry.register(gateway('g-2'));
    const addresses = registry.follow(['api-gateway']);
    await first.deregister();
    expect((await gatewayNodes(addresses)()).sort()).toEqual(['g-1', 'g-2']);
  });

  it('is not nobody as long as the registry has not been asked', async () => {
    const addresses = new InMemoryRegistry().follow(['message']);
    await expect(gatewayNodes(addresses)()).rejects.toMatchObject({ code: 'server.unavailable' });
  });
});

describe('the services that a process calls', () => {
  it('are named in its readiness when none of their instances can be called, and do not end it', async () => {
    const health = new Health();
    const peers = [
      peer('message', 'm-1', { reachable: false }),
      peer('message', 'm-2', { breaker: 'open' }),
      peer('presence', 'p-1', { reachable: false }),
      peer('presence', 'p-2'),
    ];
    const registry = new InMemoryRegistry();
    for (const service of ['message', 'presence', 'file']) await registry.register(gateway(`${service}-1`, service));
    const addresses = registry.follow(['message', 'presence', 'file', 'delivery']);
    watchNeighbours(health, clientsOf(peers), addresses, ['message', 'presence', 'file', 'delivery']);
    health.serving();
    expect(await health.readiness()).toEqual({
      ready: true,
      draining: false,
      degraded: true,
      dependencies: {
        message: { ok: false, reason: 'none of 2 instances answers' },
        presence: { ok: true },
        file: { ok: true },
        delivery: { ok: false, reason: 'no instance is registered' },
      },
    });
  });

  it('are counted by instance and outcome, with the state of their breakers, until they are gone', async () => {
    const metrics = new CallMetrics();
    const peers = [peer('message', 'm-1', { breaker: 'open', waiting: 3 }), peer('message', 'm-2')];
    metrics.follow(clientsOf(peers));
    metrics.ended('message', 'm-1', 'ok');
    metrics.ended('message', 'm-1', 'ok');
    metrics.ended('message', 'm-1', 'failed');
    metrics.ended('message', 'm-2', 'busy');
    metrics.retried('message');
    const text = await register.metrics();
    expect(text).toContain('parley_calls_total{service="message",instance="m-1",outcome="ok"} 2');
    expect(text).toContain('parley_calls_total{service="message",instance="m-2",outcome="busy"} 1');
    expect(text).toContain('parley_call_retries_total{service="message"} 1');
    expect(text).toContain('parley_call_breaker{service="message",instance="m-1"} 2');
    expect(text).toContain('parley_call_waiting{service="message",instance="m-1"} 3');
    peers.shift();
    await register.metrics();
    expect(await register.metrics()).not.toContain('instance="m-1"');
  });
});
