import type { Socket } from 'socket.io';

/** The parts of an Engine.IO connection and its WebSocket that Engine.IO does not publish; see the versions pinned in package.json. */
interface Connection {
  flush(): void;
  readonly writeBuffer: readonly unknown[];
  readonly transport: {
    readonly name: string;
    readonly socket?: { readonly _socket?: { cork(): void; uncork(): void } };
  };
}

/** From this many writes in one pass the next passes wait a little: what is due for one socket by then leaves in one write. */
const BUSY_WRITES = 16;
const BUSY_WAIT_MS = 6;

/**
 * Merges what is due for one socket into one write: a write to the kernel costs more than all else on a frame's way. Each
 * connection's flush is put off to the end of this turn of the event loop, under load for some milliseconds. ORDER: frames stay in
 * Engine.IO's own queue, only its emptying is put off. Polling is left alone: its answers are single writes anyway.
 */
export class WriteMerger {
  private readonly attached = new WeakSet<Connection>();
  private waiting = new Map<Connection, () => void>();
  private scheduled = false;
  private lastWrites = 0;

  attach(socket: Socket): void {
    const connection = socket.conn as unknown as Connection;
    // A connection may carry several sockets.
    if (this.attached.has(connection)) return;
    this.attached.add(connection);
    const flush = connection.flush.bind(connection);
    connection.flush = () => {
      if (connection.transport.name !== 'websocket') return flush();
      if (connection.writeBuffer.length === 0) return;
      this.waiting.set(connection, flush);
      this.schedule();
    };
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    if (this.lastWrites >= BUSY_WRITES) setTimeout(this.run, BUSY_WAIT_MS);
    else setImmediate(this.run);
  }

  private readonly run = (): void => {
    const { waiting } = this;
    this.waiting = new Map();
    this.scheduled = false;
    this.lastWrites = waiting.size;
    for (const [connection, flush] of waiting) {
      const raw = connection.writeBuffer.length > 1 ? connection.transport.socket?._socket : undefined;
      raw?.cork();
      flush();
      raw?.uncork();
    }
  };
}
