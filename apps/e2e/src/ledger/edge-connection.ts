import { io, type Socket } from 'socket.io-client';
import type { Ack, SocketError } from '../support/contract-check.js';

const CONNECT_WITHIN_MS = 3000;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 1000;

/** What a device is told by its connection. */
export interface ConnectionListener {
  opened(): void;
  lost(): void;
  received(event: string, payload: unknown): void;
  /** The server wants a login, or nothing more of this client. */
  ended(why: string): void;
}

/**
 * One socket at a time to one of several edges. When it is lost, or refused with an error that may pass, the next edge is
 * tried: as a client with a list of addresses, or behind a load balancer, does it.
 */
export class EdgeConnection {
  /** Counts connections: what belongs to an earlier one is over. */
  number = 0;
  /** Handshakes that an edge took and never answered. */
  unanswered = 0;
  /** Of the edge that is used or tried. */
  edge: number;
  private socket: Socket | undefined;
  private retryMs = FIRST_RETRY_MS;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly edges: readonly string[],
    first: number,
    private readonly auth: () => { token: string; deviceId: string },
    private readonly listener: ConnectionListener,
  ) {
    this.edge = first % edges.length;
    this.open();
  }

  get isOpen(): boolean {
    return this.socket?.connected === true;
  }

  /** Undefined when there is no answer in time, or no connection. */
  async ask(event: string, payload: unknown, withinMs: number): Promise<Ack | undefined> {
    const { socket } = this;
    if (socket?.connected !== true) return undefined;
    try {
      return (await socket.timeout(withinMs).emitWithAck(event, payload)) as Ack;
    } catch {
      return undefined;
    }
  }

  /** The next attempt that fails waits as little as the first one. */
  isWell(): void {
    this.retryMs = FIRST_RETRY_MS;
  }

  /** Gives this connection up and takes another. */
  reopen(): void {
    if (this.socket?.connected) this.socket.disconnect();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.disconnect();
  }

  private open(): void {
    const socket = io(this.edges[this.edge] as string, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: this.auth(),
      timeout: CONNECT_WITHIN_MS,
    });
    this.socket = socket;
    // The library bounds the time for the transport only, not for the answer of the server behind it.
    this.timer = setTimeout(() => this.giveUp(socket), 2 * CONNECT_WITHIN_MS);
    socket.on('connect', () => {
      clearTimeout(this.timer);
      this.number++;
      this.listener.opened();
    });
    socket.on('disconnect', () => {
      this.listener.lost();
      this.next();
    });
    socket.on('connect_error', (error: Error & { data?: SocketError }) => {
      if (error.data !== undefined && !error.data.retryable) this.end(`the handshake was refused: ${error.data.code}`);
      socket.disconnect();
      this.next();
    });
    socket.on('session:closing', ({ code, action }: { code: string; action: string }) => {
      if (action !== 'reconnect') this.end(`the session was closed: ${code}, ${action}`);
    });
    socket.onAny((event: string, payload: unknown) => this.listener.received(event, payload));
  }

  private giveUp(socket: Socket): void {
    this.unanswered++;
    socket.disconnect();
    this.next();
  }

  private end(why: string): void {
    this.listener.ended(why);
    this.close();
  }

  private next(): void {
    if (this.isClosed) return;
    this.edge = (this.edge + 1) % this.edges.length;
    clearTimeout(this.timer);
    // Not all at the same moment.
    this.timer = setTimeout(() => this.open(), this.retryMs * (0.5 + Math.random()));
    this.retryMs = Math.min(2 * this.retryMs, LAST_RETRY_MS);
  }
}
