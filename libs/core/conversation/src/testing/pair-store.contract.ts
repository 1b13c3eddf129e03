import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenStores } from './conversation-store.contract.js';
import { ann, bob, cid, dan, deskOver, type Stores, user } from './desk.js';

/** What every PairStore has to do, seen through the use cases; races included. */
export function pairStoreContract(name: string, open: () => Promise<OpenStores>): void {
  describe(`PairStore: ${name}`, () => {
    let opened: OpenStores;
    let desk: ReturnType<typeof deskOver<Stores>>;
    const page = { limit: 50 };

    beforeEach(async () => {
      opened = await open();
      desk = deskOver(opened.stores);
    });
    afterEach(() => opened.close());

    const befriend = async (one = ann, other = bob) => {
      const request = await desk.requests.ask(one, other, '');
      await desk.requests.answer(other, request.id, true);
    };
    const peers = async (of = ann) => (await desk.readContacts.contacts(of, page)).items.map(({ peerId }) => peerId);

    it('has one direct conversation per pair, whoever opens it and however many at once', async () => {
      const opening = Array.from({ length: 10 }, (_, i) =>
        i % 2 === 0 ? desk.openDirect.execute(ann, bob) : desk.openDirect.execute(bob, ann),
      );
      const all = await Promise.all(opening);
      expect(new Set(all.map(({ conversationId }) => conversationId)).size).toBe(1);
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      expect(desk.log.facts).toHaveLength(1);
      const [view] = await desk.conversations.views(ann, [all[0]?.conversationId as never]);
      expect(view?.conversation).toMatchObject({ kind: 'direct', pair: { low: ann, high: bob }, memberCount: 2 });
    });

    it('has one conversation with oneself', async () => {
      const [one, two] = await Promise.all([desk.openDirect.execute(ann, ann), desk.openDirect.execute(ann, ann)]);
      expect(one.conversationId).toBe(two.conversationId);
      expect(desk.log.of(one.conversationId)).toEqual([
        { type: 'created', kind: 'self', members: [{ userId: ann, role: 'member' }], historyBeforeJoin: true },
      ]);
    });

    it('makes contacts of two who ask each other at the same moment', async () => {
      const [mine, theirs] = await Promise.all([
        desk.requests.ask(ann, bob, 'hi'),
        desk.requests.ask(bob, ann, 'hello'),
      ]);
      expect([mine.state, theirs.state].sort()).toEqual(['accepted', 'pending']);
      expect(mine.id).toBe(theirs.id);
      expect([await peers(ann), await peers(bob)]).toEqual([[bob], [ann]]);
    });

    it('answers a request once when both answers come at once', async () => {
      const { id } = await desk.requests.ask(ann, bob, '');
      const answers = await Promise.allSettled([true, false].map((accept) => desk.requests.answer(bob, id, accept)));
      expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'contact.request_over' },
      });
    });

    it('keeps one pending request when somebody asks many times at once', async () => {
      const asked = await Promise.all(Array.from({ length: 5 }, () => desk.requests.ask(ann, bob, 'hi')));
      expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
      expect((await desk.readContacts.requests(bob, 'in', page)).items).toEqual([asked[0]]);
    });

    it('keeps everything of a request and of a contact', async () => {
      const asked = await desk.requests.ask(ann, bob, 'it is me ☺');
      expect(await desk.pairs.findRequest(asked.id)).toEqual(asked);
      await desk.requests.answer(bob, asked.id, true);
      const contact = await desk.contacts.update(ann, bob, { remark: 'Bobby', tags: ['work', 'chess', 'work'] });
      expect((await desk.readContacts.contacts(ann, page)).items).toEqual([contact]);
      expect(contact).toMatchObject({ remark: 'Bobby', tags: ['work', 'chess'], peerId: bob });
      expect((await desk.readContacts.contacts(bob, page)).items).toMatchObject([{ remark: '', tags: [] }]);
    });

    it('removes both sides and lets them ask again', async () => {
      await befriend();
      await desk.contacts.remove(bob, ann);
      expect([await peers(ann), await peers(bob)]).toEqual([[], []]);
      expect((await desk.requests.ask(bob, ann, '')).state).toBe('pending');
    });

    it('pages contacts, requests and blocks', async () => {
      for (const name of [dan, bob, cid]) {
        await befriend(ann, name);
        await desk.blocks.block(ann, name);
      }
      const first = await desk.readContacts.contacts(ann, { limit: 2 });
      expect(first.items.map(({ peerId }) => peerId)).toEqual([bob, cid]);
      const second = await desk.readContacts.contacts(ann, { limit: 2, cursor: first.nextCursor as string });
      expect(second).toEqual({ items: [expect.objectContaining({ peerId: dan })] });
      const asked = await desk.readContacts.requests(ann, 'out', { limit: 2 });
      expect(asked.items.map(({ to }) => to)).toEqual([cid, bob]);
      const older = await desk.readContacts.requests(ann, 'out', { limit: 2, cursor: asked.nextCursor as string });
      expect(older.items.map(({ to }) => to)).toEqual([dan]);
      const blocked = await desk.readContacts.blocks(ann, { limit: 2 });
      expect(blocked.items).toEqual([bob, cid]);
      const rest = await desk.readContacts.blocks(ann, { limit: 2, cursor: blocked.nextCursor as string });
      expect(rest).toEqual({ items: [dan] });
    });

    it('blocks and unblocks, and hides requests of the blocked one from the blocker only', async () => {
      await desk.blocks.block(ann, bob);
      await desk.blocks.block(ann, bob);
      await desk.requests.ask(bob, ann, 'please');
      expect((await desk.readContacts.requests(ann, 'in', page)).items).toEqual([]);
      expect((await desk.readContacts.requests(bob, 'out', page)).items).toHaveLength(1);
      expect(await desk.pairs.blockersAmong([ann, cid], bob)).toEqual(new Set([ann]));
      await desk.blocks.unblock(ann, bob);
      expect((await desk.readContacts.requests(ann, 'in', page)).items).toHaveLength(1);
      expect((await desk.readContacts.blocks(ann, page)).items).toEqual([]);
    });

    it('tells the message service of a block, also of one that is older than the conversation', async () => {
      await desk.blocks.block(bob, ann);
      const { conversationId } = await desk.openDirect.execute(ann, bob);
      await desk.blocks.unblock(bob, ann);
      await desk.blocks.block(bob, ann);
      expect(desk.log.of(conversationId).slice(1)).toEqual(
        [true, false, true].map((blocked) => ({ type: 'restricted', userId: ann, blocked })),
      );
    });

    it('shows users to those they have something to do with', async () => {
      const [eve, fay, gus, hal] = ['eve', 'fay', 'gus', 'hal'].map(user) as [never, never, never, never];
      await befriend(ann, bob);
      await desk.openDirect.execute(ann, cid);
      await desk.group([dan]);
      await desk.group([fay], { kind: 'room' });
      await desk.govern.disband(ann, await desk.group([gus]));
      await befriend(ann, hal);
      await desk.blocks.block(hal, ann);
      const all = [ann, bob, cid, dan, eve, fay, gus, hal];
      expect(await desk.readContacts.visible(ann, all)).toEqual([ann, bob, cid, dan]);
      expect(await desk.readContacts.visible(hal, [ann])).toEqual([]);
      expect(await desk.readContacts.visible(eve, [])).toEqual([]);
    });
  });
}
