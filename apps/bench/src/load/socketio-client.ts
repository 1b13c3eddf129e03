import { RawSocket } from './raw-socket.js';

/** Engine.IO 4 and Socket.IO 5 framing by hand: `42<id>["event",{…}]` out, `43<id>[…]` and `42["event",{…}]` in. */
export interface SocketIoHandlers {
  connected(): void;
  /** `data` is the JSON text of the answer's arguments, brackets included. */
  ack(id: number, data: string): void;
  event(name: string, payload: string): void;
  closed(reason: string): void;
}

const OPEN = 48;
const PING = 50;
const MESSAGE = 52;
const [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR] = [48, 49, 50, 51, 52];

export class SocketIoClient {
  private readonly socket: RawSocket;
  private reason = 'transport closed';

  constructor(
    url: string,
    private readonly auth: Record<string, string>,
    private readonly handlers: SocketIoHandlers,
  ) {
    this.socket = new RawSocket(new URL('/socket.io/?EIO=4&transport=websocket', url), {
      open: () => {},
      text: (frame) => this.frame(frame),
      close: () => handlers.closed(this.reason),
    });
  }

  /** `json` is the payload as JSON text, in ASCII. */
  emit(event: string, json: string, id: number): void {
    this.socket.send(`42${id}["${event}",${json}]`);
  }

  close(): void {
    this.reason = 'closed by us';
    this.socket.close();
  }

  private frame(frame: string): void {
    const type = frame.charCodeAt(0);
    if (type === MESSAGE) this.packet(frame);
    else if (type === PING) this.socket.send('3');
    else if (type === OPEN) this.socket.send(`40${JSON.stringify(this.auth)}`);
  }

  private packet(frame: string): void {
    const type = frame.charCodeAt(1);
    if (type === EVENT) {
      const nameEnd = frame.indexOf('"', 4);
      this.handlers.event(frame.slice(4, nameEnd), frame.slice(nameEnd + 2, -1));
    } else if (type === ACK) {
      const dataAt = frame.indexOf('[', 2);
      this.handlers.ack(Number(frame.slice(2, dataAt)), frame.slice(dataAt));
    } else if (type === CONNECT) {
      this.handlers.connected();
    } else if (type === CONNECT_ERROR || type === DISCONNECT) {
      this.reason = frame;
      this.socket.close();
    }
  }
}
