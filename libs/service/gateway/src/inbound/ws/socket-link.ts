import type { ClosingAction, LiveSocket } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import type { Socket } from 'socket.io';

/**
 * What may wait for one socket. A reader that never reads is cut off here, so it cannot hold the node's memory; it comes back by sync.
 * As much again may be on its way to the kernel.
 */
const MAX_QUEUED_FRAMES = 2000;
const MAX_QUEUED_CHARACTERS = 4 * 1024 * 1024;
/** How long a closing connection may take to write what waits. */
export const CLOSE_GRACE_MS = 250;

/** `["event",payload]` as a Socket.IO packet for the namespace `/`; the payload is spliced in as it came. */
export function encodeFrame(event: string, payloadJson: string): string {
  return `2[${JSON.stringify(event)},${payloadJson}]`;
}

/** The parts of an Engine.IO connection that Engine.IO does not publish; see the version pinned in package.json. */
interface Connection {
  readonly readyState: string;
  readonly writeBuffer: readonly unknown[];
  /** `socket` is there for websockets. */
  readonly transport: { readonly socket?: { terminate(): void } };
  write(frame: string, options: { compress: boolean }): void;
  close(discard: boolean): void;
}

/** A Socket.IO socket as the fan-out sees it. Frames are encoded once by the caller and written below Socket.IO's encoder. */
export class SocketLink implements LiveSocket {
  private closed = false;
  private reason: string | undefined;
  private queuedCharacters = 0;

  constructor(
    private readonly socket: Socket,
    public principal: Principal,
    /** The client's address, for bans. */
    readonly address: string,
  ) {}

  /** Why we ended it: the code that was told, or `slow_reader`. Undefined where the other side did. */
  get closedFor(): string | undefined {
    return this.reason;
  }

  send(frame: string): void {
    const conn = this.socket.conn as unknown as Connection;
    if (this.closed || conn.readyState !== 'open') return;
    const waiting = conn.writeBuffer.length;
    this.queuedCharacters = waiting === 0 ? frame.length : this.queuedCharacters + frame.length;
    if (waiting > MAX_QUEUED_FRAMES || (waiting > 0 && this.queuedCharacters > MAX_QUEUED_CHARACTERS)) this.cut(conn);
    else conn.write(frame, { compress: false });
  }

  /** At once: a goodbye would wait behind all that is not read. */
  private cut(conn: Connection): void {
    this.closed = true;
    this.reason ??= 'slow_reader';
    conn.transport.socket?.terminate();
    conn.close(true);
  }

  close(code: string, action: ClosingAction, reconnectAfterMs?: number): void {
    if (this.closed) return;
    this.reason = code;
    this.send(
      encodeFrame(
        'session:closing',
        JSON.stringify({ code, action, ...(reconnectAfterMs === undefined ? {} : { reconnectAfterMs }) }),
      ),
    );
    this.closed = true;
    // Engine.IO ends a closing connection only after its queue is written; a reader that does not read is not waited for.
    const { conn } = this.socket;
    this.socket.disconnect(true);
    setTimeout(() => conn.close(true), CLOSE_GRACE_MS).unref();
  }
}
