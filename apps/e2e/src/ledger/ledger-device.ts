import { io, type Socket } from 'socket.io-client';
import type { Ack } from '../support/contract-check.js';
import type { EventsPush, Sent, SyncPage } from '../support/shapes.js';
import { type Entry, Outbox } from './outbox.js';
import { Replica } from './replica.js';

const ACK_WITHIN_MS = 3000;

/**
 * A proper client in small: it removes repeats by seq, closes a gap by sync, asks sync after each reconnect and only then
 * sends what waits, with the ids it was given first.
 */
export class LedgerDevice {
  readonly outbox = new Outbox();
  readonly violations: string[] = [];
  readonly refusals = new Map<string, number>();
  private readonly replicas = new Map<string, Replica>();
  private readonly socket: Socket;
  private connections = 0;
  private syncing = false;
  private syncAgain = false;
  private caughtUp = false;
  syncs = 0;

  constructor(
    readonly name: string,
    readonly userId: string,
    url: string,
    token: string,
    deviceId: string,
  ) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      auth: { token, deviceId },
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      timeout: 3000,
    });
    this.socket.on('connect', () => {
      this.connections++;
      this.caughtUp = false;
      void this.sync();
    });
    this.socket.on('disconnect', (reason) => {
      this.caughtUp = false;
      this.outbox.connectionLost();
      // Socket.IO reconnects by itself unless the server closed on purpose, as it does when it goes down in order.
      if (reason === 'io server disconnect') this.socket.connect();
    });
    // A refused handshake is final for Socket.IO; while the server starts, it is not for us.
    this.socket.on('connect_error', () => {
      if (!this.socket.active) setTimeout(() => this.socket.connect(), 200);
    });
    this.socket.on('conversation:events', (push: EventsPush) => {
      if (!this.replica(push.conversationId).apply(push)) void this.sync();
    });
  }

  get isCaughtUp(): boolean {
    return this.caughtUp && !this.syncing;
  }

  replica(conversationId: string): Replica {
    let replica = this.replicas.get(conversationId);
    if (!replica) this.replicas.set(conversationId, (replica = new Replica(conversationId)));
    return replica;
  }

  get allReplicas(): Replica[] {
    return [...this.replicas.values()];
  }

  send(conversationId: string, clientMsgId: string, text: string): void {
    this.outbox.add(conversationId, clientMsgId, text);
    this.pump();
  }

  /** Sends again what was acked before, and holds the answer against the first one. */
  async repeat(entry: Entry): Promise<boolean> {
    const ack = await this.ask('message:send', this.payload(entry));
    if (!ack?.ok) return false;
    const again = ack.data as Sent;
    if (again.messageId !== entry.sent?.messageId || again.seq !== entry.sent.seq)
      this.violations.push(
        `${this.name}: repeat of ${entry.clientMsgId} answered ${JSON.stringify(again)}, first was ${JSON.stringify(entry.sent)}`,
      );
    return true;
  }

  close(): void {
    this.socket.disconnect();
  }

  private pump(): void {
    if (!this.socket.connected || !this.caughtUp) return;
    for (const entry of this.outbox.due()) void this.attempt(entry);
  }

  private async attempt(entry: Entry): Promise<void> {
    const connection = this.connections;
    entry.inFlight = true;
    entry.attempts++;
    entry.connection = connection;
    const ack = await this.ask('message:send', this.payload(entry));
    if (connection !== this.connections || entry.sent) return;
    if (ack?.ok) {
      entry.sent = ack.data as Sent;
    } else if (ack === undefined || ack.error.retryable) {
      // Trying only this one again would let later ones overtake it: a new connection tries all in order.
      if (ack) this.count(ack.error.code);
      if (this.socket.connected) this.socket.disconnect().connect();
      return;
    } else {
      this.violations.push(`${this.name}: ${entry.clientMsgId} was refused: ${ack.error.code} ${ack.error.message}`);
      entry.sent = { messageId: 'refused', seq: 0, sentAt: '' };
    }
    this.pump();
  }

  private payload({ conversationId, clientMsgId, text }: Entry) {
    return { conversationId, clientMsgId, type: 'text', content: { text } };
  }

  /** Undefined when there is no answer in time, or no connection. */
  private async ask(event: string, payload: unknown): Promise<Ack | undefined> {
    if (!this.socket.connected) return undefined;
    try {
      return (await this.socket.timeout(ACK_WITHIN_MS).emitWithAck(event, payload)) as Ack;
    } catch {
      return undefined;
    }
  }

  private count(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** One at a time; what comes meanwhile causes one more. */
  private async sync(): Promise<void> {
    if (this.syncing) {
      this.syncAgain = true;
      return;
    }
    this.syncing = true;
    const connection = this.connections;
    let done: boolean;
    do {
      this.syncAgain = false;
      done = await this.syncOnce();
    } while (done && this.syncAgain);
    this.syncing = false;
    if (connection !== this.connections) return void this.sync();
    if (!done) {
      if (this.socket.connected) setTimeout(() => void this.sync(), 200);
      return;
    }
    this.caughtUp = true;
    this.pump();
  }

  private async syncOnce(): Promise<boolean> {
    const heads = this.allReplicas
      .filter((replica) => replica.epoch !== undefined)
      .map(({ conversationId, lastSeq, epoch }) => ({ conversationId, seq: lastSeq, epoch }));
    let cursor: string | undefined;
    for (;;) {
      this.syncs++;
      const ack = await this.ask('sync', cursor ? { cursor, heads } : { heads });
      if (!ack?.ok) {
        if (ack) this.count(`sync: ${ack.error.code}`);
        return false;
      }
      const page = ack.data as SyncPage;
      for (const conversationId of page.resets) this.violations.push(`${this.name}: ${conversationId} was reset`);
      for (const push of page.events) {
        if (!this.replica(push.conversationId).apply(push))
          this.violations.push(`${this.name}: sync left a gap in ${push.conversationId} before ${push.events[0]?.seq}`);
      }
      if (page.caughtUp) return true;
      cursor = page.nextCursor;
    }
  }
}
