import type { ParleyClient } from '@parley/client';
import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { Api } from '../support/api.js';
import { type Person, PASSWORD, people } from '../support/people.js';
import type { LogEvent, Page } from '../support/shapes.js';
import { useServer } from '../support/use-server.js';
import { ChaoticDevice, chance, comparable, everythingIn } from './support/chaos.js';

const SEED = Number(process.env['PARLEY_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = 4;
const STEPS = 80;
const PAUSE_MS = 60;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const TEXT = 'message.created';

/** The server's own word: all events, with messages as they are now. */
async function logOf(api: Api, conversationId: string): Promise<LogEvent[]> {
  const log: LogEvent[] = [];
  for (;;) {
    const after = log.at(-1)?.seq ?? 0;
    const { items } = await api.get<Page<LogEvent>>(
      `/conversations/${conversationId}/events?afterSeq=${after}&limit=100`,
    );
    if (items.length === 0) return log;
    log.push(...items);
  }
}

const NOTICES = ['member.joined', 'conversation.changed', 'announcement.changed'];
const expected = (log: readonly LogEvent[]) =>
  log.flatMap((event) => {
    const data = event.data as { senderId?: string; content?: { text?: string }; recalledAt?: string };
    if (event.type === TEXT)
      return [`${event.seq} ${data.senderId} ${data.recalledAt === undefined ? data.content?.text : 'recalled'}`];
    return NOTICES.includes(event.type) ? [`${event.seq} ${event.type}`] : [];
  });

describe.skipIf((globalThis.navigator as { locks?: unknown } | undefined)?.locks === undefined)(
  `whatever happens to connections and tabs (PARLEY_SEED=${SEED})`,
  () => {
    const server = useServer('client-chaos');

    it.each(Array.from({ length: ROUNDS }, (_, round) => SEED + round))(
      'all devices show the same conversation, nothing lost, nothing twice (seed %i)',
      async (seed) => {
        const below = chance(seed);
        const [ada, bob] = (await people(server.current, 'ada', 'bob')) as [Person, Person];
        const group = await ada.group('Chaos', bob);
        const other = await bob.directWith(ada);
        const devices = await Promise.all([1, 2, 3].map(() => ChaoticDevice.on(server.current)));
        const owners = [ada, ada, bob];
        const counts = [2, 1, 1];
        const sent = new Map<string, string[]>();
        const marks = { edits: 0, recalls: 0 };
        try {
          for (const [at, device] of devices.entries()) {
            for (let tab = 0; tab < (counts[at] ?? 0); tab++) device.openTab();
            await device.tabs[0]?.session.login({ username: owners[at]?.username ?? '', password: PASSWORD });
          }
          for (let step = 0; step < STEPS; step++) {
            const device = devices[below(devices.length)] as ChaoticDevice;
            const at = below(device.tabs.length);
            const tab = device.tabs[at] as ParleyClient;
            const conversationId = below(4) === 0 ? other : group;
            const dice = below(20);
            if (dice < 11) {
              const lane = `${devices.indexOf(device)} ${at} ${conversationId}`;
              const texts = sent.get(lane) ?? [];
              sent.set(lane, texts);
              for (let burst = below(4); burst >= 0; burst--) {
                const text = `${lane} #${texts.length}`;
                texts.push(text);
                tab.messages(conversationId).send({ type: 'text', content: { text } });
              }
            } else if (dice < 13) device.way.cut();
            else if (dice === 13) device.way.stall();
            else if (dice === 14) device.way.cut({ refuse: true });
            else if (dice === 15) device.way.heal();
            else if (dice === 16) await device.reload(at);
            else if (dice === 17) tab.conversations.markRead(conversationId);
            else await changeSomething(tab, conversationId, dice === 18, marks);
            await pause(below(PAUSE_MS));
          }
          for (const device of devices) device.way.heal();

          const tabs = devices.flatMap((device) => device.tabs);
          await eventually('all is sent', () => tabs.every((tab) => tab.connection.value.waiting === 0), {
            deadlineMs: 30_000,
          });
          for (const conversationId of [group, other]) {
            const log = await logOf(bob.api, conversationId);
            const lines = expected(log);
            const said = log.flatMap((event) => {
              const text = (event.data as { content?: { text?: string } }).content?.text;
              return event.type === TEXT && text !== undefined ? [text.replace(/ \(edited\)$/, '')] : [];
            });
            for (const [lane, texts] of sent) {
              if (!lane.endsWith(conversationId)) continue;
              // Recalled ones have no text any more: they are counted by what is left of the order.
              const mine = said.filter((text) => text.startsWith(`${lane} #`));
              expect(mine, 'in the order in which they were sent, each once').toEqual(
                texts.filter((text) => mine.includes(text)),
              );
            }
            const total = [...sent].filter(([lane]) => lane.endsWith(conversationId)).flatMap(([, texts]) => texts);
            expect(log.filter((event) => event.type === TEXT).length, 'none lost, none twice').toBe(total.length);
            for (const [at, tab] of tabs.entries())
              await eventually(
                `tab ${at} shows what the server has`,
                async () => {
                  const shown = comparable(await everythingIn(tab, conversationId));
                  expect(shown, JSON.stringify(tab.connection.value)).toEqual(lines);
                  return true;
                },
                { deadlineMs: 15_000 },
              );
            for (const [at, device] of devices.entries())
              for (const tab of device.tabs)
                await eventually('unread is what the server counts', async () => {
                  const { unreadCount, readSeq } = (await owners[at]?.conversation(conversationId)) ?? {};
                  expect(tab.conversations.get(conversationId).value).toMatchObject({ unreadCount, readSeq });
                  return true;
                });
          }
        } finally {
          for (const device of devices) await device.close();
        }
      },
      60_000,
    );
  },
);

/** Edits or recalls one of the last messages, if the connection allows it just now. */
async function changeSomething(
  tab: ParleyClient,
  conversationId: string,
  edit: boolean,
  marks: { edits: number; recalls: number },
): Promise<void> {
  const window = tab.messages(conversationId);
  const own = window.value.items.findLast(
    (item) =>
      item.kind === 'message' && item.message.mine && item.message.state === 'committed' && item.message.content,
  );
  if (own?.kind !== 'message' || own.message.messageId === undefined) return;
  const { messageId, content } = own.message;
  const text = String(content?.['text']).replace(/ \(edited\)$/, '');
  const work = edit
    ? window.edit(messageId, { text: `${text} (edited)` }).then(() => marks.edits++)
    : window.recall(messageId).then(() => marks.recalls++);
  // Without a connection it is refused, which is right; what it did is in the log.
  work.catch(() => undefined);
}
