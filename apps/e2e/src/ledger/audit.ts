import { Api } from '../support/api.js';
import type { LogEvent, Message, Page } from '../support/shapes.js';
import type { Cast } from './cast.js';
import type { LedgerDevice } from './ledger-device.js';
import type { Entry } from './outbox.js';
import { identityOf } from './replica.js';

export interface Findings {
  events: number;
  messages: number;
  repeatsPushed: number;
  violations: string[];
}

async function wholeLog(api: Api, conversationId: string): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.seq ?? 0;
    const path = `/conversations/${conversationId}/events?afterSeq=${after}&limit=500`;
    const { items } = await api.get<Page<LogEvent>>(path);
    if (items.length === 0) return events;
    events.push(...items);
  }
}

async function wholeHistory(api: Api, conversationId: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const after = messages.at(-1)?.seq ?? 0;
    const path = `/conversations/${conversationId}/messages?afterSeq=${after}&limit=100`;
    const page = await api.get<Page<Message> & { hasMore: boolean }>(path);
    messages.push(...page.items);
    if (!page.hasMore) return messages;
  }
}

/** What devices were told against what is stored, and what one edge tells against what the others do. */
export async function audit({ devices, conversationsOf, readerOf, edges }: Cast): Promise<Findings> {
  const found: Findings = { events: 0, messages: 0, repeatsPushed: 0, violations: [] };
  const wrong = (what: string) => found.violations.push(what);
  for (const [conversationId, reader] of readerOf) {
    const [first, ...others] = edges.map((edge) => new Api(edge, reader.token)) as [Api, ...Api[]];
    const log = await wholeLog(first, conversationId);
    const history = await wholeHistory(first, conversationId);
    for (const other of others) {
      if (JSON.stringify(await wholeLog(other, conversationId)) !== JSON.stringify(log))
        wrong(`${conversationId}: ${other.baseUrl} has another log than ${first.baseUrl}`);
      if (JSON.stringify(await wholeHistory(other, conversationId)) !== JSON.stringify(history))
        wrong(`${conversationId}: ${other.baseUrl} has another history than ${first.baseUrl}`);
    }
    found.events += log.length;
    found.messages += history.length;
    log.forEach((event, index) => {
      if (event.seq !== index + 1) wrong(`${conversationId}: seq ${event.seq} at place ${index + 1}`);
    });
    checkSends(conversationId, devices, history, wrong);
    const identities = log.map(identityOf);
    for (const device of devices) {
      if (!conversationsOf.get(device.userId)?.includes(conversationId)) continue;
      const own = device.replica(conversationId).identities;
      const differs = identities.findIndex((identity, index) => own[index] !== identity);
      if (differs >= 0 || own.length !== identities.length)
        wrong(
          `${device.name} has ${own.length} of ${identities.length} events of ${conversationId}, differs from seq ${differs + 1}`,
        );
    }
  }
  for (const device of devices) {
    for (const violation of device.violations) wrong(violation);
    for (const replica of device.allReplicas) {
      found.repeatsPushed += replica.repeats;
      for (const violation of replica.violations) wrong(`${device.name}: ${violation}`);
    }
    checkOrder(device, wrong);
  }
  return found;
}

function checkSends(
  conversationId: string,
  devices: LedgerDevice[],
  history: Message[],
  wrong: (what: string) => void,
) {
  const stored = new Map<string, Message[]>();
  for (const message of history) {
    const key = `${message.senderId} ${message.clientMsgId}`;
    stored.set(key, [...(stored.get(key) ?? []), message]);
  }
  for (const device of devices) {
    for (const entry of device.outbox.all) {
      if (entry.conversationId !== conversationId) continue;
      const copies = stored.get(`${device.userId} ${entry.clientMsgId}`) ?? [];
      if (copies.length > 1) wrong(`${entry.clientMsgId} is ${copies.length} times in history`);
      if (!entry.sent) continue;
      const [message] = copies;
      if (!message) wrong(`LOST: ${entry.clientMsgId} was acked as seq ${entry.sent.seq} of ${conversationId}`);
      else if (message.messageId !== entry.sent.messageId || message.seq !== entry.sent.seq)
        wrong(`${entry.clientMsgId} was acked as ${JSON.stringify(entry.sent)}, stored is seq ${message.seq}`);
      else if (message.content?.['text'] !== entry.text) wrong(`${entry.clientMsgId} has another text`);
    }
  }
}

/** What one socket sends keeps its order. Only first attempts on one connection say something about it. */
function checkOrder(device: LedgerDevice, wrong: (what: string) => void): void {
  const last = new Map<string, Entry>();
  for (const entry of device.outbox.all) {
    if (!entry.sent || entry.attempts > 1) continue;
    const key = `${entry.conversationId} ${entry.connection}`;
    const before = last.get(key);
    if (before?.sent && before.sent.seq > entry.sent.seq)
      wrong(`${device.name}: ${entry.clientMsgId} overtook ${before.clientMsgId} on one connection`);
    last.set(key, entry);
  }
}
