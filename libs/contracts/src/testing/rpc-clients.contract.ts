import { DomainError } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as gatewayV1 from '../gen/parley/gateway/v1/gateway.js';
import { outgoingCall, traceparentInProgress } from '../call-context.js';
import type { RpcClients } from '../rpc-clients.js';

/** What a served method does with a request. */
export type CloseSessions = (request: gatewayV1.CloseSessionsRequest) => Promise<gatewayV1.CloseSessionsResponse>;

export interface RpcHarness {
  clients: RpcClients;
  dispose(): Promise<void>;
}

/**
 * What every way between services does.
 * @param serve Serves `GatewayNodeService` with `CloseSessions` and nothing else, as a composition root does.
 */
export function rpcClientsContract(name: string, serve: (answer: CloseSessions) => Promise<RpcHarness>): void {
  describe(`calls between services: ${name}`, () => {
    let harness: RpcHarness;
    let answer: CloseSessions;

    const gateway = () => harness.clients.of(gatewayV1.GatewayNodeServiceService);
    const request = (more: Partial<gatewayV1.CloseSessionsRequest> = {}): gatewayV1.CloseSessionsRequest => ({
      sessionIds: [],
      userIds: [],
      code: '',
      action: '',
      ...more,
    });
    const failure = async (call: Promise<unknown>): Promise<DomainError> => {
      const error: unknown = await call.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(DomainError);
      return error as DomainError;
    };

    beforeEach(async () => {
      answer = async ({ sessionIds }) => ({ closed: sessionIds.length });
      harness = await serve((received) => answer(received));
    });

    afterEach(() => harness.dispose());

    it('brings a request over and its answer back', async () => {
      const received: gatewayV1.CloseSessionsRequest[] = [];
      answer = async (one) => {
        received.push(one);
        return { closed: 2 };
      };
      const sent = request({ sessionIds: ['s1', 'Ä-鍵-👋'], code: 'auth.session_revoked', action: 'login' });
      expect(await gateway().closeSessions(sent)).toEqual({ closed: 2 });
      expect(received).toEqual([sent]);
    });

    it('gives each of many calls at once its own answer', async () => {
      const counts = Array.from({ length: 200 }, (_, index) => index);
      const calls = counts.map((count) => gateway().closeSessions(request({ sessionIds: Array(count).fill('s') })));
      expect((await Promise.all(calls)).map(({ closed }) => closed)).toEqual(counts);
    });

    it('carries a message of several MiB', async () => {
      const sessionIds = Array.from({ length: 100_000 }, (_, index) => `${index}`.padStart(64, '0'));
      expect(await gateway().closeSessions(request({ sessionIds }))).toEqual({ closed: 100_000 });
    });

    it('brings a refusal over with its code, kind and details', async () => {
      const details = {
        message: 'Zu groß.',
        errors: [{ path: 'content.text', message: 'must not be empty' }],
        retryAfterMs: 1500,
      };
      answer = () => Promise.reject(new DomainError('limit.rate', 'rate_limited', details));
      const error = await failure(gateway().closeSessions(request()));
      expect([error.code, error.kind, error.details]).toEqual(['limit.rate', 'rate_limited', details]);
    });

    it('brings a refusal of many wrong fields over', async () => {
      const errors = Array.from({ length: 500 }, (_, at) => ({ path: `items.${at}`, message: 'x'.repeat(80) }));
      answer = () => Promise.reject(new DomainError('request.invalid', 'invalid', { errors }));
      const error = await failure(gateway().closeSessions(request()));
      expect([error.code, error.details.errors?.[0]]).toEqual(['request.invalid', errors[0]]);
    });

    it('answers server.internal for what is no DomainError, its text withheld', async () => {
      answer = () => Promise.reject(new Error('password of the database is swordfish'));
      const error = await failure(gateway().closeSessions(request()));
      expect([error.code, error.kind]).toEqual(['server.internal', 'internal']);
      expect(JSON.stringify([error.message, error.details])).not.toContain('swordfish');
    });

    it('answers server.unavailable for a method that is not served', async () => {
      const error = await failure(gateway().reloadPolicies({ version: 1 }));
      expect([error.code, error.kind]).toEqual(['server.unavailable', 'unavailable']);
    });

    it('handles a call within its deadline and its trace, and no longer when it is answered', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      let later: Promise<(string | number | undefined)[]> | undefined;
      const seen = () => [traceparentInProgress(), outgoingCall({}).timeoutMs, outgoingCall({}).traceparent];
      answer = async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        later = new Promise((resolve) => setTimeout(() => resolve(seen()), 300));
        const [trace, timeoutMs, passedOn] = seen();
        expect([trace, passedOn]).toEqual([traceparent, traceparent]);
        return { closed: Math.round(timeoutMs as number) };
      };
      const { closed } = await gateway().closeSessions(request(), { timeoutMs: 1000, traceparent });
      expect(closed).toBeGreaterThan(0);
      expect(closed).toBeLessThan(950);
      expect(await later).toEqual([undefined, 5000, undefined]);
    });

    it('makes no further call when the one that is handled has no time left', async () => {
      let further: unknown;
      answer = async () => {
        await new Promise((resolve) => setTimeout(resolve, 90));
        further = await gateway()
          .closeSessions(request())
          .catch((error: unknown) => error);
        return { closed: 0 };
      };
      await Promise.allSettled([gateway().closeSessions(request(), { timeoutMs: 100 })]);
      await vi.waitFor(() => expect(further).toMatchObject({ code: 'server.unavailable' }));
    });

    it('stops waiting at the deadline with server.unavailable', async () => {
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      answer = () => held.then(() => ({ closed: 1 }));
      const startedAt = performance.now();
      const error = await failure(gateway().closeSessions(request(), { timeoutMs: 100 }));
      release();
      expect([error.code, error.kind]).toEqual(['server.unavailable', 'unavailable']);
      expect(performance.now() - startedAt).toBeLessThan(2000);
    });
  });
}
