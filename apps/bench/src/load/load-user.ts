import { SeqWatch } from './checks.js';
import type { OneToOneRun } from './one-to-one.js';
import { SocketIoClient } from './socketio-client.js';

export interface LoadUserData {
  userId: string;
  token: string;
  conversationId: string;
}

interface Ack {
  ok: boolean;
  data?: { seq?: number };
  error?: { code: string };
}

interface Push {
  conversationId: string;
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

  constructor(private readonly data: LoadUserData) {
    this.head = `{"conversationId":"${data.conversationId}","clientMsgId":"`;
  }

  /** Resolves when the server accepted the token, rejects with its last word. */
  connect(url: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.client = new SocketIoClient(
        url,
        { token: this.data.token },
        {
          connected: () => {
            this.connected = true;
            resolve();
          },
          ack: (id, data) => this.onAck(id, data),
          event: (name, payload) => this.onEvent(name, payload),
          closed: (reason) => {
            this.connected = false;
            reject(new Error(reason));
          },
        },
      );
    });
  }

  join(run: OneToOneRun): void {
    this.run = run;
    this.watch = new SeqWatch();
    this.receiptsSent = 0;
    this.receiptsSeen = 0;
    this.lastAckedSeq = 0;
    this.receiptDueAt = 0;
  }

  send(ackId: number, clientMsgId: string, tail: string): void {
    this.client?.emit('message:send', this.head + clientMsgId + tail, ackId);
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
    const [ack] = JSON.parse(data) as [Ack];
    if (id >= CURSOR_IDS) {
      if (!ack.ok) this.run?.wasRefused(id, `cursor: ${ack.error?.code}`);
    } else if (ack.ok && ack.data?.seq) {
      if (ack.data.seq > this.lastAckedSeq) this.lastAckedSeq = ack.data.seq;
      this.run?.acked(id, ack.data.seq);
    } else {
      this.run?.wasRefused(id, ack.error?.code ?? 'unknown');
    }
  }

  private onEvent(name: string, payload: string): void {
    if (name === 'conversation:events') {
      const push = JSON.parse(payload) as Push;
      for (const event of push.events) {
        this.watch.saw(event.seq);
        if (event.seq > this.arrivedSeq) this.arrivedSeq = event.seq;
        const { clientMsgId, senderId } = event.data;
        if (clientMsgId && senderId !== this.data.userId) this.run?.arrived(clientMsgId, event.seq, this);
      }
    } else if (name === 'cursor:changed') {
      const cursor = JSON.parse(payload) as { userId: string; deliveredSeq?: number };
      if (cursor.userId === this.data.userId || !cursor.deliveredSeq) return;
      this.receiptsSeen++;
      if (cursor.deliveredSeq > this.peerDeliveredSeq) this.peerDeliveredSeq = cursor.deliveredSeq;
    }
  }
}
