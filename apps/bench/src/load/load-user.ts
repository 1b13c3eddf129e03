import { SeqWatch } from './checks.js';
import type { OneToOneRun } from './one-to-one.js';
import { Recovery, SYNC_IDS } from './recovery.js';
import { SocketIoClient } from './socketio-client.js';

export interface LoadUserData {
  userId: string;
  token: string;
  conversationId: string;
}

interface Ack {
  ok: boolean;
  data?: { seq?: number };
  error?: { code: string; retryable?: boolean };
}

interface Push {
  conversationId: string;
  epoch: string;
  events: { seq: number; type: string; data: { clientMsgId?: string; senderId?: string } }[];
}

/** Ack ids below are of sends, from here on of cursors. */
const CURSOR_IDS = 2 ** 40;

/** One simulated device with one direct conversation. */
export class LoadUser {
  connected = false;
  watch = new SeqWatch();
  receiptsSent = 0;
  receiptsSeen = 0;
  lastAckedSeq = 0;
  peerDeliveredSeq = 0;
  /** When the cursor for what has arrived is due; 0 when nothing waits. */
  receiptDueAt = 0;
  private arrivedSeq = 0;
  private client: SocketIoClient | undefined;
  private run: OneToOneRun | undefined;
  private readonly head: string;
  private epoch = '';
  private edge = 0;
  private recovery: Recovery | undefined;

  constructor(
    private readonly data: LoadUserData,
    private readonly edges: readonly string[],
    first: number,
  ) {
    this.head = `{"conversationId":"${data.conversationId}","clientMsgId":"`;
    this.edge = first;
  }

  /** Resolves when the server accepted the token, rejects with its last word. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.client = new SocketIoClient(
        this.edges[this.edge++ % this.edges.length] as string,
        { token: this.data.token },
        {
          connected: () => {
            this.connected = true;
            resolve();
          },
          ack: (id, data) => this.onAck(id, data),
          event: (name, payload) => this.onEvent(name, payload),
          closed: (reason) => {
            const wasConnected = this.connected;
            this.connected = false;
            reject(new Error(reason));
            if (wasConnected) this.recovery?.lost();
          },
        },
      );
    });
  }

  /** @param resilient breaks are part of the run: this device recovers as the SDK does. */
  join(run: OneToOneRun, resilient: boolean): void {
    this.run = run;
    this.recovery?.end();
    this.recovery = resilient ? this.recovering() : undefined;
    if (this.client !== undefined) this.recovery?.connected(this.client);
    this.watch = new SeqWatch();
    this.receiptsSent = 0;
    this.receiptsSeen = 0;
    this.lastAckedSeq = 0;
    this.receiptDueAt = 0;
  }

  send(ackId: number, clientMsgId: string, tail: string): void {
    const json = this.head + clientMsgId + tail;
    this.recovery?.sent(ackId, json);
    if (this.connected) this.client?.emit('message:send', json, ackId);
  }

  sendReceipt(): void {
    this.receiptDueAt = 0;
    this.receiptsSent++;
    const json = `{"conversationId":"${this.data.conversationId}","seq":${this.arrivedSeq}}`;
    this.client?.emit('cursor:delivered', json, CURSOR_IDS + this.receiptsSent);
  }

  close(): void {
    this.client?.close();
  }

  private onAck(id: number, data: string): void {
    if (id >= SYNC_IDS) return this.recovery?.synced(data);
    const [ack] = JSON.parse(data) as [Ack];
    if (id >= CURSOR_IDS) {
      // A lost cursor is overtaken by the next.
      if (!ack.ok && this.recovery === undefined) this.run?.wasRefused(id, `cursor: ${ack.error?.code}`);
    } else if (ack.ok && ack.data?.seq) {
      if (ack.data.seq > this.lastAckedSeq) this.lastAckedSeq = ack.data.seq;
      this.recovery?.acked(id);
      this.run?.acked(id, ack.data.seq);
    } else if (this.recovery?.refused(id, ack.error?.retryable === true) !== true) {
      this.run?.wasRefused(id, ack.error?.code ?? 'unknown');
    }
  }

  private onEvent(name: string, payload: string): void {
    if (name === 'conversation:events') {
      this.take(JSON.parse(payload) as Push);
    } else if (name === 'cursor:changed') {
      const cursor = JSON.parse(payload) as { userId: string; deliveredSeq?: number };
      if (cursor.userId === this.data.userId || !cursor.deliveredSeq) return;
      this.receiptsSeen++;
      if (cursor.deliveredSeq > this.peerDeliveredSeq) this.peerDeliveredSeq = cursor.deliveredSeq;
    }
  }

  private take(push: Push): void {
    this.epoch = push.epoch;
    for (const event of push.events) {
      if (this.recovery !== undefined && this.arrivedSeq > 0) {
        // As the SDK: a repeat is dropped, and behind a gap nothing is shown before it is filled.
        if (event.seq <= this.arrivedSeq) continue;
        if (event.seq > this.arrivedSeq + 1) return this.recovery.catchUp();
      }
      this.watch.saw(event.seq);
      if (event.seq > this.arrivedSeq) this.arrivedSeq = event.seq;
      const { clientMsgId, senderId } = event.data;
      if (clientMsgId && senderId !== this.data.userId) this.run?.arrived(clientMsgId, event.seq, this);
    }
  }

  private recovering(): Recovery {
    return new Recovery({
      reconnect: async () => {
        await this.connect();
        return this.client as SocketIoClient;
      },
      head: () => ({ conversationId: this.data.conversationId, seq: this.arrivedSeq, epoch: this.epoch }),
      take: (conversation) => {
        if (conversation.conversationId === this.data.conversationId) this.take(conversation as Push);
      },
    });
  }
}
