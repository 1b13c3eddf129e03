import './idle-timers.js';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface Queue {
  pending: unknown[];
  throttledUntil: number;
  push(request: {
    entry: { correlationId: number; resolve(): void; reject(): void };
    expectResponse: boolean;
    sendRequest(): void;
  }): void;
  fulfillRequest(response: { correlationId: number; payload: null; size: number }): void;
  maybeThrottle(ms: number): void;
  destroy(): void;
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object,
) => Queue;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('the request queue of kafkajs', () => {
  let queue: Queue;
  let sent: number[];

  const push = (correlationId: number) =>
    queue.push({
      entry: { correlationId, resolve: () => {}, reject: () => {} },
      expectResponse: true,
      sendRequest: () => void sent.push(correlationId),
    });
  const answer = (correlationId: number) => queue.fulfillRequest({ correlationId, payload: null, size: 0 });

  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    queue = new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 1000,
      enforceRequestTimeout: false,
      clientId: 'c',
      broker: 'b',
      logger: silent,
    });
  });

  afterEach(() => {
    queue.destroy();
    vi.useRealTimers();
  });

  it('leaves no timer behind when nothing waits', () => {
    push(1);
    answer(1);
    expect(sent).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends what waits when the one before it is answered', () => {
    push(1);
    push(2);
    expect(sent).toEqual([1]);
    answer(1);
    expect(sent).toEqual([1, 2]);
    answer(2);
    vi.runAllTimers();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends what waits when a broker’s request for patience is over', () => {
    queue.maybeThrottle(500);
    push(1);
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(600);
    expect(sent).toEqual([1]);
  });
});
