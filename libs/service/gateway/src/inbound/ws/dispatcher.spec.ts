import { commands } from '@parley/contracts';
import { DomainError } from '@parley/kernel';
import type { Socket } from 'socket.io';
import { describe, expect, it } from 'vitest';
import { type GatewaySession, onCommand } from './command.js';
import { Dispatcher } from './dispatcher.js';

type Listener = (event: unknown, ...args: unknown[]) => void;

/** A socket that only hands events to whoever listens to any. */
function aSocket(): {
  socket: Socket;
  ask: (...args: unknown[]) => Promise<unknown>;
  tell: (...args: unknown[]) => void;
} {
  let listener: Listener = () => undefined;
  const socket = { onAny: (given: Listener) => void (listener = given) } as unknown as Socket;
  return {
    socket,
    ask: (event, ...args) => new Promise((resolve) => listener(event, ...args, resolve)),
    tell: (event, ...args) => listener(event, ...args),
  };
}

const session = { principal: { userId: 'ann' } } as unknown as GatewaySession;

function attached(handle: (input: unknown) => Promise<never>, gate: () => void = () => undefined) {
  const dispatcher = new Dispatcher(
    [{ commands: [onCommand(commands.message.recall, (_, input) => handle(input))] }],
    gate,
  );
  const { socket, ask, tell } = aSocket();
  dispatcher.attach(socket, session);
  return { ask, tell };
}

const target = { conversationId: 'c', messageId: '1-1' };

describe('Dispatcher', () => {
  it('acks with the data of the handler', async () => {
    const { ask } = attached(async (input) => ({ echoed: input }) as never);
    expect(await ask('message:recall', target)).toEqual({ ok: true, data: { echoed: target } });
  });

  it('answers a known error with its code, and whether to try again', async () => {
    const { ask } = attached(() =>
      Promise.reject(new DomainError('server.busy', 'unavailable', { retryAfterMs: 500 })),
    );
    expect(await ask('message:recall', target)).toMatchObject({
      ok: false,
      error: { code: 'server.busy', retryable: true, retryAfterMs: 500 },
    });
  });

  it('withholds the text of an unknown error', async () => {
    const { ask } = attached(() => Promise.reject(new Error('secret path /etc')));
    const answer = await ask('message:recall', target);
    expect(answer).toMatchObject({ ok: false, error: { code: 'server.internal' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('refuses what has not the documented form, naming the fields', async () => {
    const { ask } = attached(async () => ({}) as never);
    expect(await ask('message:recall', { conversationId: 7, surprise: true })).toMatchObject({
      ok: false,
      error: {
        code: 'request.invalid',
        message: expect.stringMatching(/^conversationId: .+ \(and 2 more\)$/) as string,
      },
    });
    expect(await ask('message:recall')).toMatchObject({
      ok: false,
      error: { code: 'request.invalid', errors: [{ path: 'conversationId' }, { path: 'messageId' }] },
    });
    expect(await ask('message:recall', 'text')).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  });

  it('refuses unknown events, those of Object.prototype too', async () => {
    const { ask } = attached(async () => ({}) as never);
    for (const event of ['nonsense', '__proto__', 'constructor', ''])
      expect(await ask(event, {})).toMatchObject({ ok: false, error: { code: 'request.unknown_event' } });
  });

  it('asks the gate first', async () => {
    const { ask } = attached(
      async () => ({}) as never,
      () => {
        throw new DomainError('limit.rate', 'rate_limited', { retryAfterMs: 7 });
      },
    );
    expect(await ask('message:recall', target)).toMatchObject({
      ok: false,
      error: { code: 'limit.rate', retryAfterMs: 7 },
    });
  });

  it('takes events without an ack, whatever they bring', () => {
    const { tell } = attached(async () => ({}) as never);
    expect(() => {
      tell('message:recall', target);
      tell('message:recall', null, 1, { deep: [] });
      tell('nonsense');
    }).not.toThrow();
  });
});
