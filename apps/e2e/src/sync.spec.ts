import { beforeAll, describe, expect, it } from 'vitest';
import { Device } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { EventsPush, LogEvent, Page, SyncPage } from './support/shapes.js';
import { useServer } from './support/use-server.js';

interface Head {
  conversationId: string;
  seq: number;
  epoch: string;
}

/** Asks until caught up, as a client does; answers all pages as one. */
async function syncAll(device: Device, heads: Head[], limit?: number) {
  const events: EventsPush[] = [];
  const resets: string[] = [];
  const conversations: string[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    if (pages > 200) throw new Error('sync never says caughtUp');
    const page = await device.request<SyncPage>('sync', { cursor, heads, limit });
    events.push(...page.events);
    resets.push(...page.resets);
    conversations.push(...page.conversations.map((one) => one.conversationId));
    if (page.caughtUp) return { events, resets, conversations, pages };
    expect(page.nextCursor, 'a page that is not the last has a cursor').toBeDefined();
    cursor = page.nextCursor;
  }
}

const of = (conversationId: string, events: EventsPush[]): LogEvent[] =>
  events.filter((push) => push.conversationId === conversationId).flatMap((push) => push.events);

describe('sync', () => {
  const server = useServer('sync');
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
  });

  it('brings a device that was away exactly what it missed, in order, and says when it is caught up', async () => {
    const [direct, group] = [await alice.directWith(bob), await alice.group('Missed', bob)];
    const a = await alice.connect();
    const b = await bob.connect();
    for (const id of [direct, group]) await a.sendText(id, 'seen');
    const heads: Head[] = [];
    for (const id of [direct, group]) {
      const { headSeq, epoch } = await bob.conversation(id);
      heads.push({ conversationId: id, seq: headSeq, epoch });
    }
    b.close();
    const missed: Record<string, number[]> = { [direct]: [], [group]: [] };
    for (let n = 0; n < 30; n++) {
      const id = n % 3 === 0 ? direct : group;
      missed[id]!.push((await a.sendText(id, `missed ${n}`)).seq);
    }
    const back = await bob.connect();
    for (const limit of [undefined, 7]) {
      const { events, resets } = await syncAll(back, heads, limit);
      expect(resets).toEqual([]);
      for (const id of [direct, group])
        expect(
          of(id, events).map((event) => event.seq),
          `limit ${limit}`,
        ).toEqual(missed[id]);
    }
    const log = await bob.api.get<Page<LogEvent>>(`/conversations/${group}/events?afterSeq=${missed[group]![0]! - 1}`);
    const { events } = await syncAll(back, heads);
    expect(of(group, events)).toEqual(log.items);
  });

  it('answers a device that is up to date with nothing but "caught up"', async () => {
    const conversationId = await alice.directWith(bob);
    const { headSeq, epoch } = await bob.conversation(conversationId);
    const page = await syncAll(await bob.connect(), [{ conversationId, seq: headSeq, epoch }]);
    expect(of(conversationId, page.events)).toEqual([]);
    expect(page.resets).not.toContain(conversationId);
  });

  it('tells a device with another epoch to load the conversation anew', async () => {
    const conversationId = await alice.directWith(bob);
    await (await alice.connect()).sendText(conversationId, 'x');
    const page = await syncAll(await bob.connect(), [{ conversationId, seq: 1, epoch: 'of-another-life' }]);
    expect(page.resets).toContain(conversationId);
    expect(of(conversationId, page.events)).toEqual([]);
  });

  it('a head from the future is a reset as well, not silence', async () => {
    const conversationId = await alice.directWith(bob);
    const { headSeq, epoch } = await bob.conversation(conversationId);
    const page = await syncAll(await bob.connect(), [{ conversationId, seq: headSeq + 1000, epoch }]);
    expect(page.resets).toContain(conversationId);
  });

  it('a new device without heads gets its conversations and what is in them', async () => {
    const [carol, dave] = (await people(server.current, 'carol', 'dave')) as [Person, Person];
    const conversationId = await carol.directWith(dave);
    const phone = await carol.connect();
    const seqs: number[] = [];
    for (let n = 0; n < 5; n++) seqs.push((await phone.sendText(conversationId, `n${n}`)).seq);
    const { events, conversations } = await syncAll(await dave.connect(), []);
    expect(conversations).toContain(conversationId);
    expect(of(conversationId, events).map((event) => event.seq)).toEqual(expect.arrayContaining(seqs));
  });

  it('a conversation joined while away is in the next sync; heads of foreign ones reveal nothing', async () => {
    const [carol] = await people(server.current, 'carol');
    const foreign = await alice.directWith(bob);
    const { headSeq, epoch } = await bob.conversation(foreign);
    const group = await alice.group('While you were out', carol!);
    const device = await carol!.connect();
    const page = await syncAll(device, [{ conversationId: foreign, seq: headSeq - 1, epoch }]);
    expect(page.conversations).toContain(group);
    expect(of(foreign, page.events)).toEqual([]);
    expect(page.conversations).not.toContain(foreign);
  });

  it('a forged cursor opens nothing foreign: it is refused, or answered like none', async () => {
    const [carol] = await people(server.current, 'carol');
    const device = await carol!.connect();
    for (const cursor of [
      'nonsense',
      '-1.0.0.0',
      '0.1e9.-5.3',
      '9.9.9.9',
      Buffer.from('{"a":1}').toString('base64url'),
    ]) {
      const ack = await device.ask('sync', { cursor });
      if (ack.ok) expect((ack.data as SyncPage).events, cursor).toEqual([]);
      else expect(ack.error.code, cursor).toBe('request.invalid');
    }
  });
});
