import { eventually } from '@parley/testing';
import { WebSocket } from 'ws';

/** A socket below Socket.IO: any bytes out, frames in as they come. For what no proper client would send. */
export class RawWire {
  readonly frames: string[] = [];
  closeCode: number | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const frame = String(data);
      this.frames.push(frame);
      if (frame === '2') socket.send('3');
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => {});
  }

  /** Opens the transport only: Engine.IO's handshake is done, Socket.IO's is not. */
  static async open(url: string, path = '/socket.io/?EIO=4&transport=websocket'): Promise<RawWire> {
    const wire = new RawWire(new WebSocket(url.replace('http', 'ws') + path));
    await eventually('the transport opens', () => wire.frames.length > 0 || wire.isClosed);
    return wire;
  }

  static async connected(url: string, token: string): Promise<RawWire> {
    const wire = await RawWire.open(url);
    wire.send(`40${JSON.stringify({ token })}`);
    await eventually('the namespace opens', () => wire.frames.some((frame) => frame.startsWith('40')));
    return wire;
  }

  get isClosed(): boolean {
    return this.closeCode !== undefined;
  }

  send(data: string | Buffer): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data);
  }

  /** A text frame with these bytes, whether or not they are UTF-8. */
  sendBytesAsText(data: Buffer): void {
    this.socket.send(data, { binary: false });
  }

  ack(id: number): string | undefined {
    return this.frames.find((frame) => frame.startsWith(`43${id}[`));
  }

  /** Stops reading, as a phone in a tunnel does: the connection stays open. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  close(): void {
    this.socket.terminate();
  }
}
