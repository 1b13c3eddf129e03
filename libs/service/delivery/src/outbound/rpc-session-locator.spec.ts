import { InProcessBus } from '@parley/adapter-in-process';
import type { presenceV1 } from '@parley/contracts/rpc';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RpcSessionLocator } from './rpc-session-locator.js';

const whom = { userIds: ['ann', 'bob'], conversationIds: ['world'], sessionIds: ['s'] };
const located = { nodeId: 'g1', userIds: ['ann'], conversationIds: [], sessionIds: [] };

describe('RpcSessionLocator', () => {
  let bus: InProcessBus;
  let settled: string[];
  let asked: presenceV1.LocateRequest[];
  let isDown: boolean;

  beforeEach(() => {
    Logger.overrideLogger(false);
    vi.useFakeTimers();
    bus = new InProcessBus();
    settled = ['g1', 'g2'];
    asked = [];
    isDown = false;
    bus.bind('PresenceService/Locate', async (request): Promise<presenceV1.LocateResponse> => {
      asked.push(request as presenceV1.LocateRequest);
      if (isDown) throw new Error('down');
      const roster = `roster of ${settled.join()}`;
      const isKnown = (request as presenceV1.LocateRequest).roster === roster;
      return { nodes: [located], roster, settledNodeIds: isKnown ? [] : settled };
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    Logger.overrideLogger(true);
  });

  it('answers what presence answers while all gateways have told it everything', async () => {
    const locator = new RpcSessionLocator(bus, () => ['g1', 'g2']);
    for (let times = 0; times < 3; times += 1) expect(await locator.locate(whom)).toEqual([located]);
    expect(asked.map(({ roster }) => roster)).toEqual(['', 'roster of g1,g2', 'roster of g1,g2']);
  });

  it('sends everything to a gateway that has not, and to no gateway twice', async () => {
    const locator = new RpcSessionLocator(bus, () => ['g1', 'g2', 'g3']);
    expect(await locator.locate(whom)).toEqual([located, { nodeId: 'g3', ...whom }]);
    settled = ['g2', 'g3'];
    expect(await locator.locate(whom)).toEqual([{ nodeId: 'g1', ...whom }]);
    settled = ['g1', 'g2', 'g3'];
    expect(await locator.locate(whom)).toEqual([located]);
  });

  it('keeps what it knows of the gateways when answers overtake each other', async () => {
    const locator = new RpcSessionLocator(bus, () => ['g1', 'g2']);
    await locator.locate(whom);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    bus.bind('PresenceService/Locate', async (request): Promise<presenceV1.LocateResponse> => {
      const { roster } = request as presenceV1.LocateRequest;
      await held;
      return { nodes: [located], roster, settledNodeIds: [] };
    });
    const slow = locator.locate(whom);
    bus.bind('PresenceService/Locate', async (): Promise<presenceV1.LocateResponse> => {
      return { nodes: [located], roster: 'roster of g1', settledNodeIds: ['g1'] };
    });
    await locator.locate(whom);
    release();
    await slow;
    bus.bind('PresenceService/Locate', async (request): Promise<presenceV1.LocateResponse> => {
      const isKnown = (request as presenceV1.LocateRequest).roster === 'roster of g1,g2';
      return { nodes: [located], roster: 'roster of g1,g2', settledNodeIds: isKnown ? [] : ['g1', 'g2'] };
    });
    expect(await locator.locate(whom)).toEqual([located]);
  });

  it('sends everything to every gateway while presence does not answer, and does not ask it for each push', async () => {
    const locator = new RpcSessionLocator(bus, () => ['g1', 'g2']);
    isDown = true;
    const all = [
      { nodeId: 'g1', ...whom },
      { nodeId: 'g2', ...whom },
    ];
    for (let times = 0; times < 5; times += 1) expect(await locator.locate(whom)).toEqual(all);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(600);
    isDown = false;
    expect(await locator.locate(whom)).toEqual([located]);
  });

  it('gives up on a presence that hangs', async () => {
    bus.bind('PresenceService/Locate', () => new Promise(() => undefined));
    const locator = new RpcSessionLocator(bus, () => ['g1']);
    const answer = locator.locate(whom);
    await vi.advanceTimersByTimeAsync(1100);
    expect(await answer).toEqual([{ nodeId: 'g1', ...whom }]);
  });

  it('takes a gateway without a name for the only one', async () => {
    const locator = new RpcSessionLocator(bus, () => [undefined]);
    expect(await locator.locate(whom)).toEqual([located]);
    settled = [];
    expect(await locator.locate(whom)).toEqual([{ nodeId: '', ...whom }]);
  });

  it('rejects where nobody could be sent anything', async () => {
    const locator = new RpcSessionLocator(bus, () => []);
    settled = [];
    expect(await locator.locate(whom)).toEqual([located]);
    isDown = true;
    await expect(locator.locate(whom)).rejects.toMatchObject({ code: 'server.unavailable' });
  });
});
