import type { ConversationId } from '@parley/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { ann, bob, cid, dan, desk as makeDesk } from '../testing/desk.js';

describe('facts on their way into the log', () => {
  let desk: ReturnType<typeof makeDesk>;
  let id: ConversationId;
  const later = { code: 'server.unavailable', kind: 'unavailable' };

  beforeEach(async () => {
    desk = makeDesk();
    id = await desk.group([bob, cid]);
    desk.log.facts.length = 0;
  });

  it('make a change answer "try again" while the message service is down, and enter once when it is back', async () => {
    desk.log.state = 'down';
    await expect(desk.remove.execute(ann, id, bob)).rejects.toMatchObject(later);
    await expect(desk.remove.execute(ann, id, bob)).rejects.toMatchObject(later);
    await expect(desk.govern.update(ann, id, { title: 'x' })).rejects.toMatchObject(later);
    expect(await desk.relay.sweep()).toHaveLength(1);
    desk.log.state = 'up';
    expect(await desk.relay.sweep()).toEqual([]);
    await desk.remove.execute(ann, id, bob);
    expect(desk.log.of(id)).toMatchObject([{ type: 'gone' }, { type: 'event' }]);
    expect(await desk.pending.conversations(1)).toEqual([]);
  });

  it('are not doubled when the answer of the message service was lost', async () => {
    desk.log.state = 'deaf';
    await expect(desk.remove.execute(ann, id, bob)).rejects.toMatchObject(later);
    desk.log.state = 'up';
    await desk.remove.execute(ann, id, bob);
    expect(desk.log.of(id)).toEqual([{ type: 'gone', userId: bob, removed: true }]);
  });

  it('hold back even a refusal, so that a repeat of a change that took effect is not taken for "never happened"', async () => {
    desk.log.state = 'down';
    await expect(desk.leave.execute(bob, id)).rejects.toMatchObject(later);
    await expect(desk.leave.execute(bob, id)).rejects.toMatchObject(later);
    desk.log.state = 'up';
    await expect(desk.leave.execute(bob, id)).rejects.toMatchObject({ code: 'conversation.not_found' });
    expect(desk.log.of(id)).toEqual([{ type: 'gone', userId: bob, removed: false }]);
  });

  it('of creations and blocks are repeated by a repeat of the call', async () => {
    const wish = {
      actorId: ann,
      kind: 'group' as const,
      title: 'x',
      description: '',
      memberIds: [],
      idempotencyKey: 'k',
    };
    desk.log.state = 'down';
    await expect(desk.create.execute(wish)).rejects.toMatchObject(later);
    await expect(desk.openDirect.execute(ann, bob)).rejects.toMatchObject(later);
    await expect(desk.blocks.block(ann, bob)).rejects.toMatchObject(later);
    desk.log.state = 'up';
    const created = await desk.create.execute(wish);
    expect(desk.log.of(created.conversationId)).toHaveLength(1);
    await desk.blocks.block(ann, bob);
    const direct = await desk.openDirect.execute(ann, bob);
    expect(direct.created).toBe(false);
    expect(desk.log.of(direct.conversationId).map(({ type }) => type)).toEqual(['created', 'restricted']);
  });

  it('of one conversation that the log refuses do not stop those of others', async () => {
    const other = await desk.group([bob]);
    desk.log.state = 'down';
    for (const each of [id, other]) await desk.govern.update(ann, each, { title: 'x' }).catch(() => undefined);
    desk.log.state = 'up';
    const append = desk.log.append.bind(desk.log);
    const refusal = new Error('refused');
    desk.log.append = async (facts) => {
      if (facts[0]?.conversationId === id) throw refusal;
      return append(facts);
    };
    expect(await desk.relay.sweep()).toEqual([refusal]);
    expect(await desk.pending.conversations(5)).toEqual([id]);
  });

  it('of many changes at once share calls', async () => {
    const before = desk.log.calls;
    await Promise.all(Array.from({ length: 20 }, (_, i) => desk.govern.update(ann, id, { title: `t${i}` })));
    expect(desk.log.of(id)).toHaveLength(20);
    expect(desk.log.calls - before).toBeLessThan(20);
  });

  it('leave in pieces when there are very many', async () => {
    desk.log.state = 'down';
    for (let i = 0; i < 450; i += 1) await desk.govern.announce(ann, id, `a${i}`).catch(() => undefined);
    desk.log.state = 'up';
    const before = desk.log.calls;
    await desk.add.execute(ann, id, [dan]);
    expect(desk.log.of(id)).toHaveLength(451);
    expect(desk.log.calls - before).toBe(3);
  });
});
