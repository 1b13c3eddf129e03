import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClockwork } from '../testing/fake-clockwork.js';
import { FakeRealtime } from '../testing/fake-server-side.js';
import { TypingSigns } from './typing.js';

describe('TypingSigns', () => {
  let clockwork: FakeClockwork;
  let realtime: FakeRealtime;
  let signs: TypingSigns;
  beforeEach(() => {
    clockwork = new FakeClockwork();
    realtime = new FakeRealtime();
    signs = new TypingSigns({ realtime: realtime.port, clockwork, me: () => 'me' });
  });
  const sent = () => realtime.asked.map(({ input }) => (input as { state: string }).state);
  const heard = (userId: string, state: string) => realtime.emit('typing', { conversationId: 'c', userId, state });

  it('is sent every three seconds while keys are pressed, and stops five seconds after the last', async () => {
    for (let key = 0; key < 70; key++) {
      signs.set('c', 'typing');
      await clockwork.pass(100);
    }
    expect(sent()).toEqual(['typing', 'typing', 'typing']);
    await clockwork.pass(4900);
    expect(sent().at(-1)).toBe('stopped');
    expect(clockwork.waiting).toBe(0);
  });

  it('says at once that it has stopped, and says it once', () => {
    signs.set('c', 'stopped');
    expect(sent()).toEqual([]);
    signs.set('c', 'typing');
    signs.set('c', 'recording');
    signs.set('c', 'stopped');
    signs.set('c', 'stopped');
    expect(sent()).toEqual(['typing', 'recording', 'stopped']);
  });

  it('shows others in the order in which they began, without me, until they stop, send, or are silent', async () => {
    const typing = signs.in('c');
    for (const userId of ['a', 'b', 'me', 'd']) heard(userId, 'typing');
    expect(typing.value.map(({ userId }) => userId)).toEqual(['a', 'b', 'd']);
    const { value } = typing;
    heard('a', 'typing');
    expect(typing.value).toBe(value);
    heard('a', 'stopped');
    realtime.emit('conversation:events', { conversationId: 'c', events: [{ type: 'message.created', actorId: 'b' }] });
    expect(typing.value).toEqual([{ userId: 'd', state: 'typing' }]);
    await clockwork.pass(6000);
    expect(typing.value).toEqual([]);
  });
});
