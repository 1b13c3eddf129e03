import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/**
 * The packets of a one-to-one conversation through bare Socket.IO: ack, event to both, cursor, cursor to the other. Nothing
 * is checked or stored. Tokens are numbers; user 2n talks with user 2n + 1.
 */
const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });
const seqs = new Map<string, number>();
const AT = '2026-01-01T00:00:00.000Z';

io.on('connection', (socket) => {
  const senderId = String(socket.handshake.auth['token']);
  const peerId = String(Number(senderId) ^ 1);
  void socket.join(senderId);
  socket.on(
    'message:send',
    (message: { conversationId: string; clientMsgId: string }, ack: (answer: unknown) => void) => {
      const { conversationId } = message;
      const seq = (seqs.get(conversationId) ?? 0) + 1;
      seqs.set(conversationId, seq);
      const messageId = `${conversationId}.${seq}`;
      ack({ ok: true, data: { messageId, seq, sentAt: AT } });
      const data = { messageId, seq, senderId, sentAt: AT, ...message };
      const events = [{ seq, type: 'message.created', at: AT, actorId: senderId, data }];
      io.to([senderId, peerId]).emit('conversation:events', { conversationId, epoch: '1', events });
    },
  );
  socket.on('cursor:delivered', (cursor: { conversationId: string; seq: number }, ack: (answer: unknown) => void) => {
    ack({ ok: true, data: { deliveredSeq: cursor.seq, readSeq: 0, unreadCount: 0 } });
    const { conversationId, seq } = cursor;
    io.to(peerId).emit('cursor:changed', { conversationId, userId: senderId, deliveredSeq: seq });
  });
});
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
