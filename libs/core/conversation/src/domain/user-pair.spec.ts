import { beforeEach, describe, expect, it } from 'vitest';
import { ann, bob, cid, desk as makeDesk, PAUSE_MS, REQUEST_TTL_MS } from '../testing/desk.js';
import { visibleState } from './contact.js';

describe('contacts, requests and blocks', () => {
  let desk: ReturnType<typeof makeDesk>;
  const page = { limit: 10 };

  beforeEach(() => {
    desk = makeDesk();
  });

  const told = () => desk.state.published.splice(0).map(({ userId, change }) => `${userId}: ${change}`);

  it('become contacts by asking and accepting, and both sides hear of it', async () => {
    const { id } = await desk.requests.ask(ann, bob, 'hi');
    expect(told()).toEqual(['ann: request-sent', 'bob: request-received']);
    expect((await desk.requests.answer(bob, id, true)).state).toBe('accepted');
    expect(told()).toEqual(['ann: request-accepted', 'bob: added']);
    await expect(desk.requests.ask(bob, ann, '')).rejects.toMatchObject({ code: 'contact.already' });
    await expect(desk.requests.answer(bob, id, true)).rejects.toMatchObject({ code: 'contact.request_over' });
    await desk.contacts.update(ann, bob, { remark: 'B' });
    expect(told()).toEqual(['ann: updated']);
    await desk.contacts.remove(ann, bob);
    expect(told()).toEqual(['ann: removed', 'bob: removed']);
    await expect(desk.contacts.remove(ann, bob)).rejects.toMatchObject({ code: 'contact.not_found' });
  });

  it('lets only the asked one answer', async () => {
    const { id } = await desk.requests.ask(ann, bob, '');
    const unknown = { code: 'contact.request_not_found' };
    await expect(desk.requests.answer(ann, id, true)).rejects.toMatchObject(unknown);
    await expect(desk.requests.answer(cid, id, true)).rejects.toMatchObject(unknown);
    await expect(desk.requests.answer(bob, 'guess', true)).rejects.toMatchObject(unknown);
  });

  it('may ask again after a decline when the pause is over; the other may at once', async () => {
    const { id } = await desk.requests.ask(ann, bob, '');
    await desk.requests.answer(bob, id, false);
    expect(told()).toEqual([
      'ann: request-sent',
      'bob: request-received',
      'ann: request-declined',
      'bob: request-declined',
    ]);
    desk.clock.advance(PAUSE_MS - 5);
    await expect(desk.requests.ask(ann, bob, '')).rejects.toMatchObject({
      code: 'contact.request_paused',
      details: { retryAfterMs: 5 },
    });
    desk.clock.advance(5);
    const again = await desk.requests.ask(ann, bob, 'sorry');
    expect(again.state).toBe('pending');
    expect((await desk.requests.ask(bob, ann, '')).state).toBe('accepted');
  });

  it('expire unanswered and can then be asked anew', async () => {
    const first = await desk.requests.ask(ann, bob, '');
    desk.clock.advance(REQUEST_TTL_MS);
    await expect(desk.requests.answer(bob, first.id, true)).rejects.toMatchObject({ code: 'contact.request_over' });
    expect(visibleState(first, desk.clock.now())).toBe('expired');
    const crossing = await desk.requests.ask(bob, ann, '');
    expect(crossing).toMatchObject({ state: 'pending', from: bob });
    expect(visibleState(crossing, desk.clock.now())).toBe('pending');
  });

  it('refuses what makes no sense', async () => {
    desk.users.missing.add(cid);
    await expect(desk.requests.ask(ann, ann, '')).rejects.toMatchObject({ code: 'contact.self' });
    await expect(desk.requests.ask(ann, cid, '')).rejects.toMatchObject({ code: 'user.not_found' });
    await expect(desk.openDirect.execute(ann, cid)).rejects.toMatchObject({ code: 'user.not_found' });
    await expect(desk.blocks.block(ann, ann)).rejects.toMatchObject({ code: 'contact.self' });
    await expect(desk.blocks.block(ann, cid)).rejects.toMatchObject({ code: 'user.not_found' });
    await desk.blocks.unblock(ann, ann);
    await expect(desk.contacts.update(ann, ann, {})).rejects.toMatchObject({ code: 'contact.not_found' });
    await expect(desk.contacts.remove(ann, ann)).rejects.toMatchObject({ code: 'contact.not_found' });
    await expect(desk.contacts.update(ann, bob, {})).rejects.toMatchObject({ code: 'contact.not_found' });
  });

  it('tells the blocked one nothing: the contact stays, a request seems to wait', async () => {
    const { id } = await desk.requests.ask(ann, bob, '');
    await desk.requests.answer(bob, id, true);
    told();
    await desk.blocks.block(ann, bob);
    expect(told()).toEqual(['ann: blocked']);
    expect((await desk.readContacts.contacts(bob, page)).items).toHaveLength(1);
    await desk.blocks.block(ann, cid);
    told();
    expect((await desk.requests.ask(cid, ann, 'please')).state).toBe('pending');
    expect(told()).toEqual(['cid: request-sent']);
    await desk.blocks.unblock(ann, bob);
    expect(told()).toEqual(['ann: unblocked']);
  });
});
