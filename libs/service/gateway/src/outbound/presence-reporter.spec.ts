import { InProcessBus } from '@parley/adapter-in-process';
import type { presenceV1 } from '@parley/contracts/rpc';
import { type LiveSocket, SessionRegistry } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PresenceReporter } from './presence-reporter.js';
import { WatchKeeper } from './watch-keeper.js';

const principal = (sessionId: string) =>
  ({ userId: `u-${sessionId}`, sessionId, deviceId: 'd', roles: [] }) as unknown as Principal;

/** Presence as a node sees it: one lease, what was told under it, and whether the node counts as settled. */
class Presence {
  readonly bus = new InProcessBus();
  sessions = new Set<string>();
  conversations = new Set<string>();
  watches = new Map<string, string[]>();
  lease = 1;
  isDown = false;
  settledUnder = 0;
  /** While set, opens wait for it. */
  held: Promise<void> | undefined;

  constructor() {
    const bind = <R, A extends object>(method: string, work: (request: R) => A | Promise<A>) =>
      this.bus.bind(`PresenceService/${method}`, async (request) => {
        if (this.isDown) throw new Error('down');
        return work(request as R);
      });
    const lease = () => ({ lease: `lease-${this.lease}` });
    bind('OpenSessions', async ({ sessions }: presenceV1.OpenSessionsRequest) => {
      await this.held;
      for (const { sessionId } of sessions) this.sessions.add(sessionId);
      return lease();
    });
    bind('CloseSessions', ({ sessions }: presenceV1.CloseSessionsRequest) => {
      for (const { sessionId } of sessions) this.sessions.delete(sessionId);
      return {};
    });
    bind('SubscribeNode', ({ conversationIds }: presenceV1.SubscribeNodeRequest) => {
      for (const id of conversationIds) this.conversations.add(id);
      return lease();
    });
    bind('RenewNode', ({ told }: presenceV1.RenewNodeRequest) => {
      if (told === lease().lease) this.settledUnder = this.lease;
      return { ...lease(), known: told === lease().lease };
    });
    bind('Watch', ({ sessionId, userIds }: presenceV1.WatchRequest) => {
      this.watches.set(sessionId, userIds);
      return { states: userIds.map((userId) => ({ userId, online: true, lastSeenAt: 0 })) };
    });
    bind('Unwatch', () => ({}));
  }

  lose(): void {
    this.lease += 1;
    this.sessions = new Set();
    this.conversations = new Set();
    this.watches = new Map();
  }
}

describe('PresenceReporter', () => {
  let presence: Presence;
  let registry: SessionRegistry;
  let watches: WatchKeeper;
  let reporter: PresenceReporter;

  class Socket implements LiveSocket {
    readonly frames: string[] = [];
    readonly closings: unknown[] = [];
    closed: () => void = () => undefined;
    constructor(readonly principal: Principal) {}
    send(frame: string): void {
      this.frames.push(frame);
    }
    close(...why: unknown[]): void {
      this.closings.push(why);
    }
  }

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  async function open(sessionId: string): Promise<Socket> {
    const socket = new Socket(principal(sessionId));
    const opened = reporter.opened(socket.principal).then((closed) => {
      registry.add(socket);
      socket.closed = () => {
        registry.remove(socket);
        closed();
      };
    });
    await pass(1100);
    await opened;
    return socket;
  }

  beforeEach(() => {
    vi.useFakeTimers();
    Logger.overrideLogger(false);
    presence = new Presence();
    registry = new SessionRegistry();
    watches = new WatchKeeper(presence.bus, registry);
    reporter = new PresenceReporter(presence.bus, registry, watches, 'n1');
    reporter.onApplicationBootstrap();
  });

  afterEach(() => {
    reporter.onModuleDestroy();
    watches.onModuleDestroy();
    Logger.overrideLogger(true);
    vi.useRealTimers();
  });

  it('says that it has told everything, also when that is nothing', async () => {
    await pass(100);
    expect(presence.settledUnder).toBe(1);
  });

  it('tells anew what presence missed, though the lease of the node never ended', async () => {
    const gone = await open('gone');
    expect([...presence.sessions]).toEqual(['gone']);
    presence.isDown = true;
    const stays = await open('stays');
    registry.subscribe(stays, 'room', 1);
    const subscribed = expect(reporter.subscribed('room')).rejects.toThrow();
    gone.closed();
    await pass(1000);
    await subscribed;
    presence.isDown = false;
    await pass(4000);
    expect([...presence.sessions]).toEqual(['stays']);
    expect([...presence.conversations]).toEqual(['room']);
  });

  it('tells everything anew within seconds after presence lost it, and only then that it has', async () => {
    const socket = await open('stays');
    registry.subscribe(socket, 'room', 1);
    const subscribed = reporter.subscribed('room');
    await pass(3000);
    await subscribed;
    presence.lose();
    await pass(3300);
    expect([...presence.sessions]).toEqual(['stays']);
    expect([...presence.conversations]).toEqual(['room']);
    expect(presence.settledUnder).toBe(2);
    expect(socket.closings).toEqual([]);
  });

  it('notices a loss at once where somebody comes', async () => {
    await open('stays');
    await pass(1500);
    presence.lose();
    const coming = reporter.opened(principal('new'));
    await pass(500);
    await coming;
    expect([...presence.sessions].sort()).toEqual(['new', 'stays']);
    expect(presence.settledUnder).toBe(2);
  });

  it('lets watch again who watched, and tells them the states', async () => {
    const socket = await open('s');
    await watches.watch(socket.principal, ['bob', 'cat']);
    await watches.unwatch('s', ['cat']);
    const gone = await open('gone');
    await watches.watch(gone.principal, ['bob']);
    gone.closed();
    presence.lose();
    await pass(7000);
    expect([...presence.watches]).toEqual([['s', ['bob']]]);
    expect(socket.frames).toEqual(['2["presence:changed",{"userId":"bob","online":true}]']);
  });

  it('sends those away to catch up who were let in before presence knew of them, when it does', async () => {
    const early = await open('early');
    presence.isDown = true;
    const unheard = await open('unheard');
    await pass(3000);
    expect(unheard.closings).toEqual([]);
    presence.isDown = false;
    await pass(4000);
    expect(presence.sessions.has('unheard')).toBe(true);
    expect(unheard.closings).toEqual([['server.unavailable', 'reconnect', expect.any(Number)]]);

    let answer = () => undefined as void;
    presence.held = new Promise((resolve) => (answer = resolve));
    const waiting = await open('waiting');
    presence.settledUnder = 0;
    await pass(3000);
    expect(presence.settledUnder).toBe(0);
    answer();
    await pass(4000);
    expect(waiting.closings).toHaveLength(1);
    expect(presence.settledUnder).toBe(1);
    expect(early.closings).toEqual([]);
  });
});
