import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut and blocked. */
export class Way {
  private readonly sockets = new Set<Socket>();
  private isBlocked = false;
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: URL) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Connections are taken, and passed on. The port stays the same when it is opened again. */
  async open(): Promise<void> {
    this.server = createServer((client) => this.join(client));
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Connections are refused, and those that are there break. */
  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Connections stay, and nothing comes through them. */
  block(): void {
    this.isBlocked = true;
    for (const socket of this.sockets) socket.pause();
  }

  unblock(): void {
    this.isBlocked = false;
    for (const socket of this.sockets) socket.resume();
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.on('data', (piece) => to.write(piece));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      if (this.isBlocked) from.pause();
    }
  }
}
