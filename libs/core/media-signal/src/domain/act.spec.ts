import type { CallId, ConversationId, UserId } from '@parley/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { device, TIMES } from '../testing/desk.js';
import { type Act, applyAct } from './act.js';
import { type Call, ended, newCall, participantOf } from './call.js';

const NOW = 1_000_000;
const caller = device('ann');
const callersOther = device('ann', 'tablet');
const callee = device('bob');
const calleesOther = device('bob', 'tablet');
const stranger = device('eve');
const who = { caller, callersOther, callee, calleesOther, stranger };

const ringing = newCall(
  {
    ...{ callId: 'c1' as CallId, conversationId: 'direct' as ConversationId, caller },
    ...{ calleeIds: ['bob' as UserId], media: ['audio', 'audio', 'video'] },
  },
  NOW,
  TIMES,
);
const step = (call: Call, act: Act, now = NOW + 1000) => applyAct(call, act, now, TIMES);
const connecting = step(ringing, { is: 'accept', by: callee, reason: '' });
const active = step(connecting, { is: 'answered', by: callee });
const over = ended(active, 'completed', NOW + 9000);
const calls = { ringing, connecting, active, over };

/** What each act of each device does in each state: the next state and outcome, `same`, or the code of the refusal. */
const TABLE: Record<string, Record<keyof typeof calls, string>> = {
  'ringing caller': { ringing: 'not_allowed', connecting: 'not_allowed', active: 'not_allowed', over: 'ended' },
  'ringing callee': { ringing: 'ringing', connecting: 'same', active: 'same', over: 'ended' },
  'ringing calleesOther': {
    ...{ ringing: 'ringing', connecting: 'answered_elsewhere', active: 'answered_elsewhere', over: 'ended' },
  },
  'accept caller': { ringing: 'not_allowed', connecting: 'not_allowed', active: 'not_allowed', over: 'ended' },
  'accept callee': { ringing: 'connecting', connecting: 'same', active: 'same', over: 'ended' },
  'accept calleesOther': {
    ...{ ringing: 'connecting', connecting: 'answered_elsewhere', active: 'answered_elsewhere', over: 'ended' },
  },
  'reject caller': { ringing: 'not_allowed', connecting: 'not_allowed', active: 'not_allowed', over: 'not_allowed' },
  'reject callee': {
    ...{ ringing: 'ended rejected', connecting: 'ended completed', active: 'ended completed', over: 'same' },
  },
  'reject calleesOther': {
    ...{ ringing: 'ended rejected', connecting: 'answered_elsewhere', active: 'answered_elsewhere', over: 'same' },
  },
  'cancel caller': {
    ...{ ringing: 'ended cancelled', connecting: 'ended cancelled', active: 'ended completed', over: 'same' },
  },
  'cancel callersOther': {
    ...{ ringing: 'ended cancelled', connecting: 'answered_elsewhere', active: 'answered_elsewhere', over: 'same' },
  },
  'cancel callee': { ringing: 'not_allowed', connecting: 'not_allowed', active: 'not_allowed', over: 'not_allowed' },
  'hangup caller': {
    ...{ ringing: 'ended cancelled', connecting: 'ended completed', active: 'ended completed', over: 'same' },
  },
  'hangup callee': {
    ...{ ringing: 'ended rejected', connecting: 'ended completed', active: 'ended completed', over: 'same' },
  },
  'hangup calleesOther': {
    ...{ ringing: 'ended rejected', connecting: 'answered_elsewhere', active: 'answered_elsewhere', over: 'same' },
  },
  'hangup callersOther': {
    ...{ ringing: 'ended cancelled', connecting: 'answered_elsewhere', active: 'answered_elsewhere', over: 'same' },
  },
  'answered caller': { ringing: 'same', connecting: 'active', active: 'same', over: 'same' },
  'answered callee': { ringing: 'same', connecting: 'active', active: 'same', over: 'same' },
  'answered calleesOther': { ringing: 'same', connecting: 'same', active: 'same', over: 'same' },
  'gone caller': { ringing: 'ringing', connecting: 'connecting', active: 'active', over: 'same' },
  'gone callee': { ringing: 'same', connecting: 'connecting', active: 'active', over: 'same' },
  'gone callersOther': { ringing: 'same', connecting: 'same', active: 'same', over: 'same' },
  'back caller': { ringing: 'same', connecting: 'same', active: 'same', over: 'same' },
  'deadline caller': { ringing: 'same', connecting: 'same', active: 'same', over: 'same' },
};
for (const is of ['ringing', 'accept', 'reject', 'cancel', 'hangup', 'answered', 'gone', 'back'])
  TABLE[`${is} stranger`] = { ringing: 'not_found', connecting: 'not_found', active: 'not_found', over: 'not_found' };

function told(before: Call, act: Act): string {
  try {
    const after = step(before, act);
    if (after === before) return 'same';
    expect(after.version).toBe(before.version + 1);
    return [after.state, after.outcome].filter(Boolean).join(' ');
  } catch (error) {
    return (error as { code: string }).code.replace('call.', '');
  }
}

describe('the state machine of a call', () => {
  const rows = Object.entries(TABLE).flatMap(([row, cells]) =>
    Object.entries(cells).map(([state, expected]) => [row, state, expected] as const),
  );
  it.each(rows)('%s while %s: %s', (row, state, expected) => {
    const [is, name] = row.split(' ') as [Act['is'], keyof typeof who];
    expect(told(calls[state as keyof typeof calls], { is, by: who[name], reason: '' } as Act)).toBe(expected);
  });

  it('has every act in its table', () => {
    const acts: Act['is'][] = [
      'ringing',
      'accept',
      'reject',
      'cancel',
      'hangup',
      'answered',
      'gone',
      'back',
      'deadline',
    ];
    expect(new Set(Object.keys(TABLE).map((row) => row.split(' ')[0]))).toEqual(new Set(acts));
  });

  it('says once that a device rings', () => {
    const once = step(ringing, { is: 'ringing', by: callee, reason: '' });
    expect(participantOf(once, 'bob')?.state).toBe('ringing');
    expect(step(once, { is: 'ringing', by: calleesOther, reason: '' })).toBe(once);
  });

  it.each([
    [ringing, 'reject', callee, 'busy', 'busy'],
    [connecting, 'hangup', caller, 'failed', 'failed'],
    [active, 'hangup', callee, 'failed', 'failed'],
    [active, 'hangup', callee, 'had to go', 'completed'],
  ] as const)('takes the reason into account', (call, is, by, reason, outcome) => {
    expect(step(call, { is, by, reason })).toMatchObject({ outcome, reason, state: 'ended' });
  });

  it('keeps each medium once', () => {
    expect(ringing.media).toEqual(['audio', 'video']);
  });

  it.each([
    [ringing, NOW + TIMES.ringMs, 'missed'],
    [connecting, NOW + 1000 + TIMES.connectMs, 'failed'],
    [active, NOW + 1000 + TIMES.maxMs, 'completed'],
  ])('ends by itself', (call, at, outcome) => {
    expect(call.deadlineAt).toBe(at);
    expect(step(call, { is: 'deadline' }, at - 1)).toBe(call);
    expect(step(call, { is: 'deadline' }, at)).toMatchObject({ state: 'ended', outcome, deadlineAt: 0, endedAt: at });
  });

  it.each([
    [ringing, caller, 'cancelled'],
    [connecting, callee, 'failed'],
    [active, caller, 'failed'],
  ])('waits for a lost device, then ends', (call, by, outcome) => {
    const lost = step(call, { is: 'gone', by }, NOW + 2000);
    const until = NOW + 2000 + TIMES.graceMs;
    expect(lost.deadlineAt).toBe(until);
    expect(step(lost, { is: 'gone', by }, NOW + 5000)).toBe(lost);
    expect(step(lost, { is: 'deadline' }, until)).toMatchObject({ state: 'ended', outcome });
    const found = step(lost, { is: 'back', by: { ...by, sessionId: 'new' as never } }, until - 1);
    expect(found.deadlineAt).toBe(call.deadlineAt);
    expect(participantOf(found, by.userId)).toMatchObject({ goneAt: 0, sessionId: 'new' });
  });

  it('never has two devices in it, never goes back, always ends', () => {
    const devices = [caller, callersOther, callee, calleesOther, device('bob', 'web')];
    const kinds: Act['is'][] = [
      'ringing',
      'accept',
      'reject',
      'cancel',
      'hangup',
      'answered',
      'gone',
      'back',
      'deadline',
    ];
    const act = fc.record({ is: fc.constantFrom(...kinds), by: fc.constantFrom(...devices), wait: fc.nat(30_000) });
    const ORDER = ['ringing', 'connecting', 'active', 'ended'];
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let call = ringing;
        let now = NOW;
        for (const { is, by, wait } of acts) {
          now += wait;
          const before = call;
          try {
            call = applyAct(call, { is, by, reason: '' } as Act, now, TIMES);
          } catch (error) {
            expect((error as { code: string }).code).toMatch(/^call\./);
          }
          expect(call.version).toBe(before === call ? before.version : before.version + 1);
          expect(ORDER.indexOf(call.state)).toBeGreaterThanOrEqual(ORDER.indexOf(before.state));
          expect(call.outcome !== undefined).toBe(call.state === 'ended');
          const had = participantOf(before, 'bob')?.deviceId;
          if (had !== '') expect(participantOf(call, 'bob')?.deviceId).toBe(had);
          if (before.state === 'ended') expect(call).toBe(before);
          else if (call.state !== 'ended') expect(call.deadlineAt).toBeGreaterThan(0);
        }
        const last = applyAct(call, { is: 'deadline' }, Math.max(now, call.deadlineAt), TIMES);
        expect(last.state).toBe('ended');
      }),
      { numRuns: 500 },
    );
  });
});
