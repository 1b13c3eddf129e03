import { InProcessBus } from '@parley/adapter-in-process';
import { SessionRegistry } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PresenceReporter } from './presence-reporter.js';

const principal = (sessionId: string) =>
  ({ userId: 'ann', sessionId, deviceId: 'd', roles: [] }) as unknown as Principal;

describe('PresenceReporter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells anew what presence missed, though the lease of the node never ended', async () => {
    const live = new Set<string>();
    const conversations = new Set<string>();
    let isDown = false;
    const bus = new InProcessBus();
    const bind = <R>(method: string, work: (request: R) => object | void) =>
      bus.bind(`PresenceService/${method}`, async (request) => {
        if (isDown) throw new Error('late');
        return work(request as R) ?? {};
      });
    bind('RenewNode', () => ({ known: true }));
    bind<{ sessions: Principal[] }>('OpenSessions', ({ sessions }) => sessions.forEach((s) => live.add(s.sessionId)));
    bind<{ sessions: Principal[] }>('CloseSessions', ({ sessions }) =>
      sessions.forEach((s) => live.delete(s.sessionId)),
    );
    bind<{ conversationId: string }>('SubscribeNode', ({ conversationId }) => void conversations.add(conversationId));
    const registry = new SessionRegistry();
    const reporter = new PresenceReporter(bus, registry, 'n1');
    reporter.onApplicationBootstrap();
    const open = async (sessionId: string) => {
      const link = { principal: principal(sessionId), send() {}, close() {} };
      const opened = reporter.opened(link.principal);
      await vi.advanceTimersByTimeAsync(100);
      registry.add(link);
      return { link, closed: await opened };
    };
    const gone = await open('gone');
    expect([...live]).toEqual(['gone']);
    isDown = true;
    const { link } = await open('stays');
    registry.subscribe(link, 'room');
    const subscribed = expect(reporter.subscribed('room')).rejects.toThrow();
    gone.closed();
    registry.remove(gone.link);
    await vi.advanceTimersByTimeAsync(1000);
    await subscribed;
    isDown = false;
    await vi.advanceTimersByTimeAsync(11_000);
    expect([...live]).toEqual(['stays']);
    expect([...conversations]).toEqual(['room']);
    reporter.onModuleDestroy();
  });
});
