import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** A TCP way to the server that can be made bad. */
export class Way {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private stalled = false;
  private refusing = false;
  /** Connections that were ever made over it. */
  accepted = 0;

  private constructor(
    private readonly listener: Server,
    private readonly target: number,
  ) {}

  static async to(target: number): Promise<Way> {
    const listener = createServer();
    const way = new Way(listener, target);
    listener.on('connection', (socket) => way.accept(socket));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return way;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  get open(): number {
    return this.pairs.size;
  }

  /** Ends what is open; with `refuse`, what comes as well, until `heal`. */
  cut({ refuse = false } = {}): void {
    this.refusing = refuse;
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
  }

  /** Nothing passes any more, and nobody is told; new connections hang as well. */
  stall(): void {
    this.stalled = true;
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  heal(): void {
    this.refusing = false;
    if (!this.stalled) return;
    this.stalled = false;
    // A network that comes back has forgotten its connections.
    this.cut();
  }

  async close(): Promise<void> {
    this.cut({ refuse: true });
    this.listener.close();
    await once(this.listener, 'close');
  }

  private accept(socket: Socket): void {
    if (this.refusing) return void socket.destroy();
    this.accepted += 1;
    const upstream = connect(this.target, '127.0.0.1');
    const pair = [socket, upstream] as const;
    this.pairs.add(pair);
    for (const one of pair) {
      one.on('error', () => undefined);
      one.on('close', () => {
        this.pairs.delete(pair);
        for (const other of pair) other.destroy();
      });
    }
    socket.pipe(upstream);
    upstream.pipe(socket);
    if (this.stalled) for (const one of pair) one.pause();
  }
}
