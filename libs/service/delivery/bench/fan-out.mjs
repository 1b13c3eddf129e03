// CPU per message in delivery alone: decode, members, locate, one call per node. `node libs/service/delivery/bench/fan-out.mjs`, after a build.
import { messageEventsV1 } from '@parley/contracts/rpc';
import { Dispatcher, FanOutAppended, MemberProjection, NodeLanes } from '@parley/core-delivery';
import { decodeAppended } from '../dist/inbound/events/appended.consumer.js';

const PAIRS = 1000;
const RECORDS = 200_000;
const pad = (n) => String(n).padStart(12, '0');
const user = (n) => `0191a2b3-0000-7000-8000-${pad(n)}`;
const conversation = (n) => `0191a2b3-0000-7000-9000-${pad(n)}`;
const content = JSON.stringify({
  messageId: user(1),
  clientMsgId: user(2),
  senderId: user(3),
  type: 'text',
  content: { text: 'x'.repeat(200) },
  sentAt: '2026-01-01T00:00:00.000Z',
});

const clock = { now: () => Date.now() };
const reader = {
  read: async (id) => {
    const n = Number(id.slice(-12));
    return { memberCount: 2, members: [2 * n, 2 * n + 1].map((m) => ({ userId: user(m), joinedSeq: 1 })) };
  },
};
const locator = { locate: async ({ userIds }) => [{ nodeId: 'n1', userIds, conversationIds: [], sessionIds: [] }] };
let delivered = 0;
const nodes = {
  deliver: async (_, { deliveries }) => {
    delivered += deliveries.length;
    return { sockets: deliveries.map((one) => one.userIds.length), process: 'p' };
  },
};
const members = new MemberProjection(reader, clock, () => false);
const fanOut = new FanOutAppended(
  members,
  new Dispatcher(locator, new NodeLanes(nodes, () => performance.now())),
  clock,
);

const records = Array.from({ length: RECORDS }, (_, i) =>
  messageEventsV1.Appended.encode({
    conversationId: conversation(i % PAIRS),
    epoch: '0191a2b3',
    events: [
      {
        seq: 1 + Math.floor(i / PAIRS),
        type: 'message.created',
        at: Date.now() + 60_000,
        actorId: user(i % 7),
        dataJson: content,
      },
    ],
    memberCount: 2,
    joinedUserIds: [],
    goneUserIds: [],
  }).finish(),
);

for (const size of [10, 20, 60]) {
  for (const round of ['warm', 'measured']) {
    members.lists.clear();
    const before = process.cpuUsage();
    for (let at = 0; at < RECORDS; at += size) await fanOut.execute(records.slice(at, at + size).map(decodeAppended));
    const { user: used, system } = process.cpuUsage(before);
    if (round === 'measured')
      console.log(`batches of ${size}: ${((used + system) / RECORDS).toFixed(2)} µs per message`);
  }
}
const before = process.cpuUsage();
for (const record of records) decodeAppended(record);
console.log(`decode alone: ${(process.cpuUsage(before).user / RECORDS).toFixed(2)} µs; delivered ${delivered}`);
