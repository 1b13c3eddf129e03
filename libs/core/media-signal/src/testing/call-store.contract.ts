import type { CallId, ConversationId, UserId } from '@parley/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyAct } from '../domain/act.js';
import { type Call, ended, newCall } from '../domain/call.js';
import { factsOf } from '../domain/fact.js';
import type { CallStore } from '../ports/call-store.js';
import type { PendingFacts } from '../ports/pending-facts.js';
import { desk, device, TIMES } from './desk.js';

export interface CallStoreHarness {
  calls: CallStore;
  pending: PendingFacts;
  close: () => Promise<void>;
}

const NOW = 1_000_000;
const [ann, bob, carl] = ['ann', 'bob', 'carl'] as UserId[] as [UserId, UserId, UserId];

function fresh(id: string, from = 'ann', to = 'bob', at = NOW): Call {
  const conversationId = 'direct' as ConversationId;
  const invitation = { callId: id as CallId, conversationId, caller: device(from), calleeIds: [to as UserId] };
  return newCall({ ...invitation, media: ['audio', 'video'] }, at, TIMES);
}

/** What every store of calls does, with the races that make it worth having one. */
export function callStoreContract(name: string, makeHarness: () => Promise<CallStoreHarness>): void {
  describe(`call store: ${name}`, () => {
    let h: CallStoreHarness;
    let calls: CallStore;
    const begin = (call: Call, key = '') => calls.begin(call, key, factsOf(undefined, call));
    const change = (before: Call, after: Call) => calls.save(after, factsOf(before, after));
    const pending = async () => (await h.pending.oldest(100)).map((fact) => fact.changeId);

    beforeEach(async () => {
      h = await makeHarness();
      calls = h.calls;
    });
    afterEach(() => h.close());

    it('gives back every field, at every state', async () => {
      let call = fresh('c1');
      expect(await begin(call)).toEqual({ is: 'begun' });
      expect(await calls.find('c1' as CallId)).toEqual(call);
      const acts = ['ringing', 'accept', 'gone', 'back', 'hangup'] as const;
      for (const is of acts) {
        const next = applyAct(call, { is, by: device('bob'), reason: is === 'hangup' ? 'bye' : '' }, NOW + 5, TIMES);
        expect(next.version).toBe(call.version + 1);
        expect(await change(call, next)).toBe(true);
        expect(await calls.find('c1' as CallId)).toEqual(next);
        call = next;
      }
      expect(await calls.find('nothing' as CallId)).toBeUndefined();
    });

    it('has each user in one live call at most, whatever comes at once', async () => {
      const pairs = [
        ['ann', 'bob'],
        ['bob', 'ann'],
        ['carl', 'ann'],
        ['bob', 'carl'],
        ['ann', 'carl'],
      ] as const;
      const outcomes = await Promise.all(pairs.map(([from, to], at) => begin(fresh(`c${at}`, from, to))));
      expect(outcomes.filter((outcome) => outcome.is === 'begun')).toHaveLength(1);
      for (const outcome of outcomes) if (outcome.is === 'engaged') expect([ann, bob, carl]).toContain(outcome.userId);
      expect((await pending()).length).toBe(1);
    });

    it('engages nobody when one of them is engaged', async () => {
      await begin(fresh('c1', 'ann', 'bob'));
      expect(await begin(fresh('c2', 'carl', 'bob'))).toEqual({ is: 'engaged', userId: bob });
      expect(await calls.liveCallOf(carl)).toBeUndefined();
      expect(await calls.find('c2' as CallId)).toBeUndefined();
      expect(await begin(fresh('c3', 'carl', 'dora'))).toEqual({ is: 'begun' });
    });

    it('keeps calls that were over at once without engaging anybody', async () => {
      await begin(fresh('c1', 'ann', 'bob'));
      expect(await begin(ended(fresh('c2', 'carl', 'bob'), 'busy', NOW))).toEqual({ is: 'begun' });
      expect(await calls.liveCallOf(carl)).toBeUndefined();
      expect((await calls.liveCallOf(bob))?.callId).toBe('c1');
      expect(await pending()).toEqual(['c1.started', 'c2.started', 'c2.ended']);
    });

    it('frees its people when a call ends', async () => {
      const call = fresh('c1');
      await begin(call);
      expect((await calls.liveCallOf(bob))?.callId).toBe('c1');
      await change(call, ended(call, 'cancelled', NOW));
      expect(await calls.liveCallOf(ann)).toBeUndefined();
      expect(await begin(fresh('c2', 'bob', 'ann'))).toEqual({ is: 'begun' });
    });

    it('takes one of several changes to one version', async () => {
      const call = fresh('c1');
      await begin(call);
      const nexts = ['phone', 'tablet', 'web', 'watch'].map((name) =>
        applyAct(call, { is: 'accept', by: device('bob', name), reason: '' }, NOW, TIMES),
      );
      const answers = await Promise.all(nexts.map((next) => change(call, next)));
      expect(answers.filter(Boolean)).toHaveLength(1);
      expect(await calls.find('c1' as CallId)).toEqual(nexts[answers.indexOf(true)]);
      expect(await change(call, ended(call, 'cancelled', NOW))).toBe(false);
      expect((await calls.liveCallOf(ann))?.state).toBe('connecting');
      expect(await pending()).toEqual(['c1.started']);
    });

    it('answers a repeated key with the first call, per caller', async () => {
      const call = fresh('c1');
      const outcomes = await Promise.all([begin(call, 'k'), begin(fresh('c2'), 'k'), begin(fresh('c3'), 'k')]);
      expect(outcomes.filter((outcome) => outcome.is === 'begun')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome.is === 'repeated')).toHaveLength(2);
      expect(await begin(fresh('c4', 'carl', 'dora'), 'k')).toEqual({ is: 'begun' });
      expect(await begin(fresh('c5', 'eve', 'fred'), '')).toEqual({ is: 'begun' });
      expect(await begin(fresh('c6', 'gus', 'hal'), '')).toEqual({ is: 'begun' });
    });

    it('finds what is overdue', async () => {
      await begin(fresh('late', 'ann', 'bob', NOW));
      await begin(fresh('soon', 'carl', 'dora', NOW - 1000));
      await begin(ended(fresh('over', 'eve', 'fred', NOW - 9000), 'missed', NOW));
      const at = async (now: number, limit = 10) => (await calls.overdue(now, limit)).map((call) => call.callId);
      expect(await at(NOW + TIMES.ringMs - 1001)).toEqual([]);
      expect(await at(NOW + TIMES.ringMs - 1000)).toEqual(['soon']);
      expect(await at(NOW + TIMES.ringMs)).toEqual(['soon', 'late']);
      expect(await at(NOW + TIMES.ringMs, 1)).toEqual(['soon']);
    });

    it('finds what rings unheard', async () => {
      const heard = fresh('heard', 'ann', 'bob', NOW);
      await begin(heard);
      await begin(fresh('unheard', 'carl', 'dora', NOW));
      await begin(ended(fresh('over', 'eve', 'fred', NOW), 'busy', NOW));
      const at = async (now: number) => (await calls.unheard(now, 10)).map((call) => call.callId).sort();
      expect(await at(NOW)).toEqual(['heard', 'unheard']);
      expect(await at(NOW - 1)).toEqual([]);
      await change(heard, applyAct(heard, { is: 'ringing', by: device('bob'), reason: '' }, NOW, TIMES));
      expect(await at(NOW)).toEqual(['unheard']);
    });

    it('lists a user’s calls in pages, newest first', async () => {
      for (let at = 1; at <= 5; at += 1) {
        const call = fresh(`c${at}`, at % 2 === 0 ? 'ann' : 'bob', at % 2 === 0 ? 'bob' : 'ann');
        await begin(at === 5 ? call : ended(call, 'missed', NOW));
      }
      await begin(fresh('other', 'carl', 'dora'));
      const first = await calls.list(ann, false, { limit: 2 });
      expect(first.items.map((call) => call.callId)).toEqual(['c5', 'c4']);
      const second = await calls.list(ann, false, { limit: 2, cursor: first.nextCursor ?? '' });
      const third = await calls.list(ann, false, { limit: 2, cursor: second.nextCursor ?? '' });
      expect([second, third].map((page) => page.items.map((call) => call.callId))).toEqual([['c3', 'c2'], ['c1']]);
      expect(third.nextCursor).toBeUndefined();
      expect((await calls.list(ann, true, { limit: 10 })).items.map((call) => call.callId)).toEqual(['c5']);
    });

    it('keeps facts in order until they are removed', async () => {
      const call = fresh('c1');
      await begin(call);
      await change(call, ended(call, 'missed', NOW));
      expect(await h.pending.oldest(1)).toEqual(factsOf(undefined, call));
      await h.pending.remove('c1.started');
      await h.pending.remove('c1.started');
      expect(await pending()).toEqual(['c1.ended']);
    });

    it('lets one of several processes win each race over one store', async () => {
      const first = desk({ calls, pending: h.pending, name: 'one' });
      const second = desk({ ...first, name: 'two' });
      for (let round = 0; round < 5; round += 1) {
        const call = await first.invite(device('ann'));
        const answers = await Promise.allSettled([
          first.act('accept', device('bob', 'phone'), call),
          second.act('accept', device('bob', 'tablet'), call),
          second.act('accept', device('bob', 'web'), call),
        ]);
        const won = answers.filter((answer) => answer.status === 'fulfilled');
        expect(won).toHaveLength(1);
        for (const answer of answers)
          if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'call.answered_elsewhere' });
        // A cancel and a hang-up at once: one outcome, and everybody gets that one.
        const winner = device(
          'bob',
          (['phone', 'tablet', 'web'] as const)[answers.findIndex((a) => a.status === 'fulfilled')],
        );
        const ends = await Promise.all([first.act('cancel', device('ann'), call), second.act('hangup', winner, call)]);
        expect(ends[0]).toEqual(ends[1]);
        first.clock.pass(1);
      }
      expect(await calls.liveCallOf(ann)).toBeUndefined();
    });

    it('joins two who call each other at once into one call', async () => {
      const first = desk({ calls, pending: h.pending, name: 'one' });
      const second = desk({ ...first, name: 'two' });
      for (let round = 0; round < 5; round += 1) {
        const [one, two] = await Promise.all([first.invite(device('ann')), second.invite(device('bob'))]);
        expect(one.callId).toBe(two.callId);
        const call = await calls.find(one.callId);
        expect(call?.state).toBe('connecting');
        expect(call?.participants.map((each) => each.state)).toEqual(['joined', 'joined']);
        await first.act('hangup', device('ann'), one);
      }
    });
  });
}
