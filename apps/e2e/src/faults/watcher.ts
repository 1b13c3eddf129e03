import { EdgeConnection } from '../ledger/edge-connection.js';
import type { EventsPush } from '../support/shapes.js';

/** One event that reached somebody, when. */
export interface Seen {
  conversationId: string;
  seq: number;
  clientMsgId: string | undefined;
  at: number;
}

/** The time that a removal has to reach every node after its ack (G12). */
export const ENFORCED_WITHIN_MS = 1000;

/** A device that only listens. */
export class Watcher {
  readonly seen: Seen[] = [];
  private readonly connection: EdgeConnection;

  constructor(edges: readonly string[], first: number, token: string, deviceId: string) {
    this.connection = new EdgeConnection(edges, first, () => ({ token, deviceId }), {
      opened: () => {},
      lost: () => {},
      ended: () => {},
      received: (event, payload) => {
        if (event !== 'conversation:events') return;
        const { conversationId, events } = payload as EventsPush;
        const at = performance.now();
        for (const { seq, data } of events)
          this.seen.push({ conversationId, seq, clientMsgId: data['clientMsgId'] as string | undefined, at });
      },
    });
  }

  get isOpen(): boolean {
    return this.connection.isOpen;
  }

  /**
   * What it should not have seen after the ack of what shut it out: anything a second later, and at no time what was written after the
   * ack. @param madeAt when each message was decided to be sent
   */
  forbidden(after: number, until: number, madeAt: (clientMsgId: string) => number | undefined, of?: string): Seen[] {
    return this.seen.filter(({ at, clientMsgId, conversationId }) => {
      if (at < after || at > until || (of !== undefined && conversationId !== of)) return false;
      const made = clientMsgId === undefined ? undefined : madeAt(clientMsgId);
      return at > after + ENFORCED_WITHIN_MS || (made !== undefined && made > after);
    });
  }

  close(): void {
    this.connection.close();
  }
}
