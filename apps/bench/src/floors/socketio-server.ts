import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** Bare Socket.IO: an event with a message in, an ack like ours out; nothing stored, nobody else told. */
const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
let seq = 0;
io.on('connection', (socket) => {
  socket.on('message:send', (_message: unknown, ack: (answer: unknown) => void) => {
    ack({ ok: true, data: { messageId: 'm0123456789', seq: ++seq, sentAt: '2026-01-01T00:00:00.000Z' } });
  });
});
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
