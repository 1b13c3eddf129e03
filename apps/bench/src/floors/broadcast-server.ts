import type { AddressInfo, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';

/** `ws` with one frame encoded once, written to every socket: what a delivery costs at least. */
const PAYLOAD = Buffer.from(`42["conversation:events",{"text":"${'x'.repeat(400)}"}]`);
const FRAME = Buffer.concat([Buffer.from([0x81, 126, PAYLOAD.length >> 8, PAYLOAD.length & 0xff]), PAYLOAD]);
const MAX_QUEUED = 256 * 1024;

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
const rawOf = (socket: WebSocket) => (socket as unknown as { _socket: Socket })._socket;

async function broadcastForEver(): Promise<void> {
  for (;;) {
    for (const socket of server.clients) {
      const raw = rawOf(socket);
      if (raw.writableLength < MAX_QUEUED) raw.write(FRAME);
    }
    await nextTurn();
  }
}

server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => void broadcastForEver());
process.on('disconnect', () => process.exit());
