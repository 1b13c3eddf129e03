import { createServer, type Server as HttpServer } from 'node:http';
import { Server, type ServerOptions, type Socket } from 'socket.io';

/**
 * A second listener with the same Socket.IO set-up but without authentication, for protocol conformance runs: on `/` and `/custom`
 * it answers `auth` with the handshake's auth object, `message` with `message-back`, and acks `message-with-ack`.
 */
export class DiagnosticListener {
  private readonly http: HttpServer = createServer();
  private readonly io: Server;

  constructor(options: Partial<ServerOptions>) {
    this.io = new Server(this.http, options);
    const echo = (socket: Socket) => {
      socket.emit('auth', socket.handshake.auth);
      socket.on('message', (...args: unknown[]) => socket.emit('message-back', ...args));
      socket.on('message-with-ack', (...args: unknown[]) => {
        const ack = args.pop();
        if (typeof ack === 'function') (ack as (...values: unknown[]) => void)(...args);
      });
    };
    this.io.on('connection', echo);
    this.io.of('/custom').on('connection', echo);
  }

  listen(port: number, host: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.http.once('error', reject);
      this.http.listen(port, host, () => resolve());
    });
  }

  async close(): Promise<void> {
    await this.io.close();
  }
}
