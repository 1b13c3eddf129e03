import type { EventsPush, Opened, Sent, SyncPage } from '../support/shapes.js';
import { Credentials } from './credentials.js';
import { EdgeConnection } from './edge-connection.js';
import { type Entry, Outbox } from './outbox.js';
import { Replica } from './replica.js';

const ACK_WITHIN_MS = 3000;
const SYNC_AGAIN_MS = 200;

/**
 * A proper client in small: it removes repeats by seq, closes a gap by sync, asks sync after each reconnect and only then
 * sends what waits, with the ids it was given first.
 */
export class LedgerDevice {
  readonly outbox = new Outbox();
  readonly violations: string[] = [];
  readonly refusals = new Map<string, number>();
  readonly credentials: Credentials;
  private readonly replicas = new Map<string, Replica>();
  private readonly connection: EdgeConnection;
  private syncing = false;
  private syncAgain = false;
  private caughtUp = false;
  private isClosed = false;
  syncs = 0;

  /** @param edges Public addresses of the server, of which the one numbered `first` is taken first. */
  constructor(
    readonly name: string,
    readonly userId: string,
    edges: readonly string[],
    first: number,
    opened: Opened,
    deviceId: string,
  ) {
    this.credentials = new Credentials(edges, opened);
    this.connection = new EdgeConnection(edges, first, () => ({ token: this.credentials.token, deviceId }), {
      opened: () => {
        this.caughtUp = false;
        void this.sync();
      },
      lost: () => {
        this.caughtUp = false;
        this.outbox.connectionLost();
      },
      received: (event, payload) => {
        if (event !== 'conversation:events') return;
        const push = payload as EventsPush;
        if (!this.replica(push.conversationId).apply(push)) void this.sync();
      },
      ended: (why) => this.violations.push(`${this.name}: FORCED LOGIN: ${why}`),
    });
  }

  get isCaughtUp(): boolean {
    return this.caughtUp && !this.syncing;
  }

  /** Where it is stuck, for the report. */
  get state(): string {
    const { isOpen, edge, number, unanswered } = this.connection;
    const counts = [...this.refusals].map(([code, count]) => `${code} ${count}`).join(', ');
    const sync = this.syncing ? 'in sync' : this.caughtUp ? 'caught up' : 'behind';
    return `${isOpen ? 'open' : 'closed'} at edge ${edge + 1}, connection ${number} (${unanswered} unanswered), ${sync}, ${this.outbox.waiting} waiting; ${counts}`;
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

  /** Goes on with new tokens; the socket stays. */
  async renew(): Promise<void> {
    if (!(await this.credentials.renew())) {
      const { lost } = this.credentials;
      if (lost !== undefined && !this.isClosed) this.violations.push(`${this.name}: FORCED LOGIN: ${lost}`);
      return;
    }
    const ack = await this.ask('token:refresh', { token: this.credentials.token });
    if (ack?.ok === false && !ack.error.retryable)
      this.violations.push(`${this.name}: token:refresh was refused: ${ack.error.code}`);
  }

  close(): void {
    this.isClosed = true;
    this.connection.close();
  }

  private pump(): void {
    if (!this.connection.isOpen || !this.caughtUp) return;
    for (const entry of this.outbox.due()) void this.attempt(entry);
  }

  private async attempt(entry: Entry): Promise<void> {
    const connection = this.connection.number;
    entry.inFlight = true;
    entry.attempts++;
    entry.connection = connection;
    const ack = await this.ask('message:send', this.payload(entry));
    if (connection !== this.connection.number || entry.sent) return;
    if (ack?.ok) {
      this.outbox.acked(entry, ack.data as Sent);
      this.connection.isWell();
    } else if (ack === undefined || ack.error.retryable) {
      // Trying only this one again would let later ones overtake it: a new connection tries all in order.
      this.count(ack === undefined ? 'no answer' : ack.error.code);
      this.connection.reopen();
      return;
    } else {
      this.violations.push(`${this.name}: ${entry.clientMsgId} was refused: ${ack.error.code} ${ack.error.message}`);
      this.outbox.acked(entry, { messageId: 'refused', seq: 0, sentAt: '' });
    }
    this.pump();
  }

  private payload({ conversationId, clientMsgId, text }: Entry) {
    return { conversationId, clientMsgId, type: 'text', content: { text } };
  }

  private ask(event: string, payload: unknown) {
    return this.connection.ask(event, payload, ACK_WITHIN_MS);
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
    const connection = this.connection.number;
    let done: boolean;
    do {
      this.syncAgain = false;
      done = await this.syncOnce();
    } while (done && this.syncAgain);
    this.syncing = false;
    if (connection !== this.connection.number) return void this.sync();
    if (!done) {
      if (this.connection.isOpen) setTimeout(() => void this.sync(), SYNC_AGAIN_MS);
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
        this.count(`sync: ${ack === undefined ? 'no answer' : ack.error.code}`);
        // An edge that does not answer is left, as after a send without an ack.
        if (ack === undefined) this.connection.reopen();
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
