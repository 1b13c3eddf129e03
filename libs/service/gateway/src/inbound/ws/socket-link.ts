import type { ClosingAction, LiveSocket } from '@parley/core-gateway';
import type { Principal } from '@parley/kernel';
import type { Socket } from 'socket.io';

/** Frames that may wait for one socket. A reader that never reads is cut off here, so it cannot hold the node's memory. */
const MAX_QUEUED_FRAMES = 2000;
/** How long a closing connection may take to write what waits. */
export const CLOSE_GRACE_MS = 250;

/** `["event",payload]` as a Socket.IO packet for the namespace `/`; the payload is spliced in as it came. */
export function encodeFrame(event: string, payloadJson: string): string {
  return `2[${JSON.stringify(event)},${payloadJson}]`;
}

/** A Socket.IO socket as the fan-out sees it. Frames are encoded once by the caller and written below Socket.IO's encoder. */
export class SocketLink implements LiveSocket {
  private closed = false;

  constructor(
    private readonly socket: Socket,
    public principal: Principal,
    /** The client's address, for bans. */
    readonly address: string,
  ) {}

  send(frame: string): void {
    const { conn } = this.socket;
    if (this.closed || conn.readyState !== 'open') return;
    if (((conn as unknown as { writeBuffer?: unknown[] }).writeBuffer?.length ?? 0) > MAX_QUEUED_FRAMES) {
      this.closed = true;
      conn.close(true);
      return;
    }
    conn.write(frame, { compress: false });
  }

  close(code: string, action: ClosingAction, reconnectAfterMs?: number): void {
    if (this.closed) return;
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
