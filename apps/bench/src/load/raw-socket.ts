import { connect, type Socket } from 'node:net';

/**
 * A WebSocket client for load: the generator shares two cores with the server it measures, so a frame must cost next to
 * nothing. It writes ASCII text with the all-zero masking key (RFC 6455 §5.3 leaves the key to the client), which makes
 * masking the identity, and reads all sockets into one buffer without allocating.
 */
export interface RawSocketHandlers {
  open(): void;
  /** One text frame, without its WebSocket header. */
  text(frame: string): void;
  close(): void;
}

const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const NO_MASK = '\0\0\0\0';
const END_OF_HEAD = '\r\n\r\n';

// Reads are handled inside the callback, so no two sockets need it at once.
const shared = Buffer.allocUnsafe(256 * 1024);

export class RawSocket {
  private readonly socket: Socket;
  private rest: Buffer | undefined;
  private upgraded = false;
  private closed = false;

  constructor(
    { hostname, port, pathname, search }: URL,
    private readonly handlers: RawSocketHandlers,
  ) {
    this.socket = connect({
      host: hostname,
      port: Number(port),
      noDelay: true,
      onread: {
        buffer: shared,
        callback: (bytes, buffer) => {
          this.read(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    this.socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13${END_OF_HEAD}`,
    );
    this.socket.on('error', () => this.ended());
    this.socket.on('close', () => this.ended());
  }

  /** ASCII only. */
  send(text: string): void {
    this.socket.write(frameHead(TEXT, text.length) + text, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  private ended(): void {
    if (this.closed) return;
    this.closed = true;
    this.handlers.close();
  }

  private read(buffer: Buffer, bytes: number): void {
    let data: Buffer = buffer;
    let end = bytes;
    if (this.rest) {
      data = Buffer.concat([this.rest, buffer.subarray(0, bytes)]);
      end = data.length;
      this.rest = undefined;
    }
    let at = 0;
    if (!this.upgraded) {
      const head = data.subarray(0, end).indexOf(END_OF_HEAD);
      if (head < 0) return this.keep(data, 0, end);
      if (!data.toString('latin1', 0, 12).endsWith('101')) return this.close();
      this.upgraded = true;
      at = head + END_OF_HEAD.length;
      this.handlers.open();
    }
    while (at + 2 <= end) {
      let length = data[at + 1]! & 0x7f;
      let start = at + 2;
      if (length === 126) {
        start += 2;
        if (start > end) break;
        length = data.readUInt16BE(at + 2);
      } else if (length === 127) {
        start += 8;
        if (start > end) break;
        length = data.readUInt32BE(at + 6);
      }
      if (start + length > end) break;
      this.frame(data[at]! & 0x0f, data, start, start + length);
      at = start + length;
    }
    if (at < end) this.keep(data, at, end);
  }

  private keep(data: Buffer, from: number, to: number): void {
    this.rest = Buffer.from(data.subarray(from, to));
  }

  private frame(opcode: number, data: Buffer, from: number, to: number): void {
    if (opcode === TEXT) this.handlers.text(data.toString('latin1', from, to));
    else if (opcode === PING) this.socket.write(`\x8a${String.fromCharCode(0x80)}${NO_MASK}`, 'latin1');
    else if (opcode === CLOSE) this.close();
  }
}

function frameHead(opcode: number, length: number): string {
  const first = String.fromCharCode(0x80 | opcode);
  if (length < 126) return first + String.fromCharCode(0x80 | length) + NO_MASK;
  return first + String.fromCharCode(0x80 | 126, length >> 8, length & 0xff) + NO_MASK;
}
