import { RpcClients } from '@parley/contracts/rpc';
import {
  type LiveSocket,
  PolicyEnforcer,
  PolicyFollower,
  PolicySource,
  type PolicyUpdate,
  RevokedSessions,
  SessionRegistry,
} from '@parley/core-gateway';
import { InMemoryPolicyEngine } from '@parley/core-gateway/testing';
import { DomainError, type Principal } from '@parley/kernel';
import { SystemClock } from '@parley/platform';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LEASE_MS } from './enforcement-lease.js';
import { PolicyReloader } from './policy-reloader.js';

const ann = { userId: 'ann', sessionId: 's1', deviceId: 'd1', roles: ['user'] } as unknown as Principal;

class Identity extends PolicySource {
  isAway = false;
  isGone = false;

  async fetch(): Promise<PolicyUpdate> {
    if (this.isAway) throw new DomainError('server.unavailable', 'unavailable');
    return { version: 1, set: { version: 1, rules: [], bans: [] }, revoked: [], asOf: 0 };
  }
}

class Calls extends RpcClients {
  constructor(private readonly identity: Identity) {
    super();
  }

  of(): never {
    throw new Error('not asked here');
  }

  override async isGone(): Promise<boolean> {
    return this.identity.isGone;
  }
}

class Connection implements LiveSocket {
  readonly principal = ann;
  closed: string | undefined;

  send(): void {
    // Nobody looks.
  }

  close(code: string, action: string): void {
    this.closed = `${code} ${action}`;
  }
}

describe('a gateway that does not hear of identity', () => {
  let identity: Identity;
  let enforcer: PolicyEnforcer;
  let reloader: PolicyReloader;
  let socket: Connection;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout', 'Date'] });
    Logger.overrideLogger(false);
    const clock = new SystemClock();
    identity = new Identity();
    enforcer = new PolicyEnforcer(new InMemoryPolicyEngine(), clock);
    const follower = new PolicyFollower(identity, enforcer, new RevokedSessions(clock, 1000));
    const registry = new SessionRegistry();
    socket = new Connection();
    registry.add(socket);
    reloader = new PolicyReloader(follower, enforcer, registry, new Calls(identity));
    reloader.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(10);
    identity.isAway = true;
  });

  afterEach(() => {
    reloader.onApplicationShutdown();
    vi.useRealTimers();
  });

  it('goes on for the time of its lease, then closes its sockets and lets nobody in', async () => {
    await vi.advanceTimersByTimeAsync(LEASE_MS - 3000);
    expect([socket.closed, reloader.isLoaded]).toEqual([undefined, true]);
    reloader.requireLease();
    await vi.advanceTimersByTimeAsync(6000);
    expect([socket.closed, reloader.isLoaded]).toEqual(['server.unavailable reconnect', false]);
    expect(() => enforcer.refuseBannedUser('ann')).toThrow(expect.objectContaining({ code: 'server.unavailable' }));
  });

  it('lets people in again as soon as it does', async () => {
    await vi.advanceTimersByTimeAsync(LEASE_MS + 3000);
    identity.isAway = false;
    await vi.advanceTimersByTimeAsync(200);
    expect(reloader.isLoaded).toBe(true);
    enforcer.refuseBannedUser('ann');
    reloader.requireLease();
  });

  it('goes on while identity certainly runs nowhere: nothing can have been revoked', async () => {
    identity.isGone = true;
    await vi.advanceTimersByTimeAsync(4 * LEASE_MS);
    expect([socket.closed, reloader.isLoaded]).toEqual([undefined, true]);
  });

  it('delivers nothing when it wakes up after its lease, before it has asked', () => {
    vi.setSystemTime(Date.now());
    const at = performance.now() + LEASE_MS + 1;
    const now = vi.spyOn(performance, 'now').mockReturnValue(at);
    expect(() => reloader.requireLease()).toThrow(expect.objectContaining({ code: 'server.unavailable' }));
    expect(socket.closed).toBe('server.unavailable reconnect');
    now.mockRestore();
  });
});
