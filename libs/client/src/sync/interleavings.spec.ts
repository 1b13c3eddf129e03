import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ConversationEvent } from '../api.js';
import type { DataHalf } from '../data.js';
import { dataOn } from '../testing/data-under-test.js';
import { FakeClockwork, settled } from '../testing/fake-clockwork.js';
import { FakeServer } from '../testing/fake-server.js';
import { FakeTabs } from '../testing/fake-tabs.js';
import { MemoryStorage } from '../store/memory-storage.js';

const ID = 'c';
const STEPS = [
  'say',
  'say',
  'mine',
  'edit',
  'recall',
  'notice',
  'push',
  'push',
  'push',
  'again',
  'lose',
  'answer',
  'answer',
  'older',
  'read',
  'connect',
  'elsewhere',
  'open',
  'release',
  'hand',
  'both',
  'restore',
] as const;
const steps = fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(1000)), { minLength: 10, maxLength: 120 });

const lineOf = (event: ConversationEvent) => {
  const data = event.data as { content?: { text?: string }; recalledAt?: string };
  return `${event.seq} ${event.type} ${data.recalledAt === undefined ? (data.content?.text ?? '') : 'recalled'}`;
};

/** What a window would show, had it seen every event once and in order. */
const ordered = (server: FakeServer) =>
  server
    .log(ID)
    .page(0, 10_000)
    .filter(({ type }) => type === 'message.created' || type === 'member.joined')
    .map(lineOf);

const shown = (data: DataHalf) =>
  data
    .messages(ID)
    .value.items.map((item) =>
      item.kind === 'notice'
        ? lineOf(item.notice)
        : `${item.message.seq} message.created ${item.message.recalledAt === undefined ? item.message.content?.['text'] : 'recalled'}`,
    );

it('whatever order pushes, pages and answers come in, a tab ends like one that saw the log in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(60), steps, async (before, script) => {
      const server = new FakeServer('me');
      const clockwork = new FakeClockwork();
      const storage = new MemoryStorage();
      const log = server.log(ID);
      for (let n = 0; n < before; n++) log.say('you', `before ${n}`);
      const [first, second] = FakeTabs.open(2) as [FakeTabs, FakeTabs];
      const leader = (await dataOn({ server, clockwork, storage, tabs: first })).data;
      const follower = (await dataOn({ server, clockwork, storage, tabs: second })).data;
      server.connect();
      server.held = [];
      const pushes: ConversationEvent[] = [];
      const add = (event: ConversationEvent | undefined) => event && pushes.push(event);
      const push = (event: ConversationEvent | undefined) =>
        event && server.push('conversation:events', { conversationId: ID, epoch: log.epoch, events: [event] });
      const data = (n: number) => (n % 2 === 0 ? leader : follower);
      for (const [step, n] of script) {
        const some = log.head === 0 ? 0 : (n % log.head) + 1;
        if (step === 'say') add(log.say('you', `text ${log.head}`));
        else if (step === 'mine') add(log.say('me', `mine ${log.head}`));
        else if (step === 'edit') add(log.edit(some, `edited ${log.head}`));
        else if (step === 'recall') add(log.recall(some));
        else if (step === 'notice') add(log.append('member.joined', 'you', { members: [] }));
        else if (step === 'push') push(pushes.shift());
        else if (step === 'again') push(log.page(some - 1, 1)[0]);
        else if (step === 'lose') pushes.shift();
        else if (step === 'answer') server.release(n);
        else if (step === 'older') void data(n).messages(ID).loadOlder();
        else if (step === 'read') data(n).conversations.markRead(ID, n % 3 === 0 ? undefined : some);
        else if (step === 'elsewhere') {
          log.readSeq = Math.max(log.readSeq, some);
          if (n % 2 === 0) server.push('cursor:changed', { conversationId: ID, userId: 'me', readSeq: log.readSeq });
        } else {
          pushes.length = 0;
          server.connect();
        }
        if (n % 3 === 0) await settled();
      }
      first.handOver(first);
      second.leading.set(false);
      // The fault ends: a new connection, and every answer comes.
      const held = server.held;
      server.held = undefined;
      for (const release of held) release();
      server.connect();
      for (let turn = 0; turn < 5; turn++) await clockwork.pass(20_000);
      expect(leader.caughtUp.value).toBe(true);
      for (const tab of [leader, follower]) {
        await tab.messages(ID).open();
        while (tab.messages(ID).value.hasOlder) await tab.messages(ID).loadOlder();
        await settled();
        expect(shown(tab)).toEqual(ordered(server));
        expect(tab.messages(ID).value.hasNewer).toBe(false);
        const { unreadCount, readSeq } = log.state();
        expect(tab.conversations.get(ID).value).toMatchObject({ unreadCount, readSeq, headSeq: log.head });
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
