import { engine, type Engines, eventually, type ParleyServer } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterUnderTest } from '../support/cluster-under-test.js';
import { Device } from '../support/device.js';
import { type Person, people } from '../support/people.js';

const NEEDED: (keyof Engines)[] = ['mysql', 'kafka', 'redis', 's3', 'consul'];
const isPossible = NEEDED.every((name) => engine(name) !== undefined);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Who was removed gets nothing after the ack, whichever process was stopped on the way (G12); who stays misses nothing (G10). */
describe.skipIf(!isPossible)('removals, gateways and deliveries', () => {
  let server: ClusterUnderTest;
  let here: ParleyServer;
  let there: ParleyServer;
  let deliveries: ParleyServer[];

  beforeAll(async () => {
    server = await ClusterUnderTest.start({ name: 'removals', replicas: { 'api-gateway': 2, delivery: 2 } });
    [here, there] = server.cluster.gateways as [ParleyServer, ParleyServer];
    deliveries = [server.cluster.process('delivery-1'), server.cluster.process('delivery-2')];
  }, 120_000);

  afterAll(async () => {
    for (const one of [there, ...(deliveries ?? [])]) one?.thaw();
    if (server?.isRunning === false) console.error(server.log());
    await server?.cluster.stop();
    await server?.cluster.remove();
  }, 60_000);

  /** Ann owns a group with Bob and Cat; Ann's socket is here, the others' there. */
  const cast = async () => {
    const [ann, bob, cat] = (await people(server, 'ann', 'bob', 'cat')) as [Person, Person, Person];
    const conversationId = await ann.group('Team', bob, cat);
    const [annHere, bobThere, catThere] = await Promise.all([
      Device.connect(here.url, ann.token),
      Device.connect(there.url, bob.token),
      Device.connect(there.url, cat.token),
    ]);
    const { seq } = await annHere.sendText(conversationId, 'hello');
    await Promise.all([bobThere.hasSeq(conversationId, seq), catThere.hasSeq(conversationId, seq)]);
    /** Past the check of the contract, which takes every 503 for a fault. */
    const remove = async () => {
      const path = `${here.url}/api/v1/conversations/${conversationId}/members/${bob.id}`;
      const headers = { authorization: `Bearer ${ann.token}` };
      return (await fetch(path, { method: 'DELETE', headers })).status;
    };
    return { conversationId, annHere, bobThere, catThere, remove };
  };

  it('a delivery that was stopped hands nothing it still had to somebody removed meanwhile', async () => {
    const { conversationId, annHere, bobThere, catThere, remove } = await cast();
    // In the middle of what it does: some of it is fetched, some on its way.
    const flood = Array.from({ length: 60 }, (_, n) => annHere.sendText(conversationId, `${n}`));
    await flood[0];
    for (const delivery of deliveries) delivery.freeze();
    const sent = await Promise.all(flood);
    expect(await remove()).toBeLessThan(300);
    const before = bobThere.log(conversationId).length;
    for (const delivery of deliveries) delivery.thaw();
    for (const { seq } of sent)
      await eventually(`Cat has ${seq}`, () => catThere.log(conversationId).some((event) => event.seq === seq), {
        deadlineMs: 20_000,
      });
    await bobThere.next('conversation:removed', () => true, 10_000);
    expect(bobThere.log(conversationId).slice(before)).toEqual([]);
  });

  it('a gateway that was stopped and given up lets nothing through to somebody removed, and leaves nobody behind', async () => {
    const { conversationId, annHere, bobThere, catThere, remove } = await cast();
    there.freeze();
    try {
      const { seq } = await annHere.sendText(conversationId, 'missed');
      expect(await remove(), 'it may hold sockets of his').toBe(503);
      // Longer than delivery keeps anything for it, and shorter than its lease.
      await pause(34_000);
      expect(catThere.log(conversationId).map((event) => event.seq)).not.toContain(seq);
    } finally {
      there.thaw();
    }
    await eventually('the removal is acked', async () => [204, 200, 404].includes(await remove()), {
      deadlineMs: 10_000,
    });
    const before = bobThere.log(conversationId).length;
    const { seq } = await annHere.sendText(conversationId, 'after the removal');
    await eventually(
      'Cat has everything or knows that she has not',
      () => {
        const seqs = catThere.log(conversationId).map((event) => event.seq);
        return seqs.at(-1) === seq && new Set(seqs).size === seq - (seqs[0] as number) + 1
          ? true
          : catThere.all('session:closing').some(({ action }) => action === 'reconnect');
      },
      { deadlineMs: 10_000 },
    );
    expect(bobThere.log(conversationId).slice(before)).toEqual([]);
  });
});
