import type { SocketIoClient } from './socketio-client.js';

interface Head {
  conversationId: string;
  seq: number;
  epoch: string;
}

interface Synced {
  ok: boolean;
  data?: {
    events: { conversationId: string; epoch: string; events: unknown[] }[];
    nextCursor: string;
    caughtUp: boolean;
  };
}

/** What `LoadUser` lends to its recovery. */
export interface Recovering {
  /** Opens a socket to another edge, or to the same where there is one. Rejects when nobody is there. */
  reconnect(): Promise<SocketIoClient>;
  head(): Head;
  /** Events in the order of their seqs, some of them known already. */
  take(conversation: { conversationId: string; epoch: string; events: unknown[] }): void;
}

/** Ack ids of syncs; above those of sends and cursors. */
export const SYNC_IDS = 2 ** 42;
const RETRY_MS = 250;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 1000;

/**
 * What the SDK does when something breaks: sends again under the same id until there is an ack, comes back after a pause with jitter, and
 * asks for what it missed. ORDER: sends go out again in the order in which they were first made.
 */
export class Recovery {
  private readonly outstanding = new Map<number, string>();
  private client: SocketIoClient | undefined;
  private syncs = 0;
  private syncing = false;
  private cursor: string | undefined;
  private pauseMs = FIRST_PAUSE_MS;
  private isOver = false;

  constructor(private readonly user: Recovering) {}

  connected(client: SocketIoClient): void {
    this.client = client;
  }

  sent(ackId: number, json: string): void {
    this.outstanding.set(ackId, json);
  }

  acked(ackId: number): void {
    this.outstanding.delete(ackId);
  }

  /** A refusal that may pass. False where it is final. */
  refused(ackId: number, retryable: boolean): boolean {
    const json = this.outstanding.get(ackId);
    if (!retryable || json === undefined) {
      this.outstanding.delete(ackId);
      return false;
    }
    setTimeout(() => {
      if (this.outstanding.has(ackId)) this.client?.emit('message:send', json, ackId);
    }, RETRY_MS);
    return true;
  }

  lost(): void {
    this.client = undefined;
    this.syncing = false;
    if (!this.isOver) this.again();
  }

  /** Asks for everything after the head. */
  catchUp(): void {
    if (this.syncing || this.client === undefined) return;
    this.syncing = true;
    this.cursor = undefined;
    this.ask();
  }

  synced(data: string): void {
    const [{ ok, data: page }] = JSON.parse(data) as [Synced];
    if (!ok || page === undefined) {
      this.syncing = false;
      setTimeout(() => this.catchUp(), RETRY_MS);
      return;
    }
    for (const conversation of page.events) this.user.take(conversation);
    this.cursor = page.nextCursor;
    if (page.caughtUp) this.syncing = false;
    else this.ask();
  }

  end(): void {
    this.isOver = true;
  }

  private ask(): void {
    const { conversationId, seq, epoch } = this.user.head();
    const heads = epoch === '' ? [] : [{ conversationId, seq, epoch }];
    const input = { heads, ...(this.cursor === undefined ? {} : { cursor: this.cursor }) };
    this.client?.emit('sync', JSON.stringify(input), SYNC_IDS + ++this.syncs);
  }

  private again(): void {
    const pause = this.pauseMs * (0.5 + Math.random());
    this.pauseMs = Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
    setTimeout(() => {
      this.user.reconnect().then(
        (client) => {
          this.client = client;
          this.pauseMs = FIRST_PAUSE_MS;
          this.catchUp();
          for (const [ackId, json] of this.outstanding) client.emit('message:send', json, ackId);
        },
        () => {
          if (!this.isOver) this.again();
        },
      );
    }, pause);
  }
}
