import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * Stands before a server and, when asked, loses the answer to the next packet that holds a word (the server has done what it says),
 * or passes the answer on and then nothing more from that client, as if it were stopped.
 */
export class CuttingProxy {
  private word: string | undefined;
  private stoppingWord: string | undefined;
  private readonly sockets = new Set<Socket>();
  /** Answers that were lost. */
  cuts = 0;

  private constructor(private readonly server: Server) {}

  static async before(host: string, port: number): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server);
    server.on('connection', (client) => proxy.pass(client, connect(port, host)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  loseAnswerTo(word: string): void {
    this.word = word;
  }

  stopAfter(word: string): void {
    this.stoppingWord = word;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(client: Socket, server: Socket): void {
    let isCut = false;
    let isStopped = false;
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, server].forEach((each) => each.destroy()));
    }
    client.on('data', (chunk) => {
      if (this.word !== undefined && chunk.includes(this.word)) {
        this.word = undefined;
        isCut = true;
      }
      if (isStopped) return;
      if (this.stoppingWord !== undefined && chunk.includes(this.stoppingWord)) {
        this.stoppingWord = undefined;
        isStopped = true;
      }
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (!isCut) return void client.write(chunk);
      this.cuts += 1;
      client.destroy();
    });
  }
}
