import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to the server that can be cut, for everything or for some requests. */
export class WeakLink {
  /** Requests that begin like this lose their connection. */
  refused: RegExp | undefined;
  /** Bytes on their way to the server so far. */
  sent = 0;
  private limit = Infinity;
  private onCut = () => {};
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (socket) => this.pass(socket));
  }

  static async to(port: number): Promise<WeakLink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new WeakLink(server, port);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when so many more bytes went up and it was cut: nothing passes until `mend`. */
  cutAfter(bytes: number): Promise<void> {
    this.limit = this.sent + bytes;
    return new Promise((resolve) => (this.onCut = resolve));
  }

  mend(): void {
    this.limit = Infinity;
    this.refused = undefined;
  }

  /** What goes on now is broken off. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private get isCut(): boolean {
    return this.sent > this.limit;
  }

  private pass(below: Socket): void {
    if (this.isCut) return void below.resetAndDestroy();
    const above = connect(this.port, '127.0.0.1');
    for (const [one, other] of [
      [below, above],
      [above, below],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.resetAndDestroy();
      });
    }
    above.pipe(below);
    below.on('data', (bytes: Buffer) => {
      // Any request may be the one: browsers use connections again.
      if (this.refused?.test(bytes.toString('latin1')) === true) return void below.resetAndDestroy();
      this.sent += bytes.length;
      if (this.isCut) {
        this.cut();
        this.onCut();
      } else if (!above.write(bytes)) {
        below.pause();
        above.once('drain', () => below.resume());
      }
    });
  }
}
