import { setTimeout as sleep } from 'node:timers/promises';
import { SocketIoClient } from '../load/socketio-client.js';
import { FLOOR_SECONDS, type Floor, measure, startFloorServer } from './floor.js';

const SOCKETS = 64;
const IN_FLIGHT = 4;
const MESSAGE = JSON.stringify({
  conversationId: 'c0123456789',
  clientMsgId: 'x-1',
  type: 'text',
  content: { text: 'x'.repeat(200) },
});

/** Event and ack through bare Socket.IO, closed loop. */
export async function socketIoFloor(): Promise<Floor> {
  const server = await startFloorServer('socketio-server');
  let acks = 0;
  const clients = await Promise.all(
    Array.from({ length: SOCKETS }, async () => {
      const client: SocketIoClient = await new Promise((resolve, reject) => {
        const made: SocketIoClient = new SocketIoClient(
          server.url,
          {},
          {
            connected: () => resolve(made),
            ack: () => made.emit('message:send', MESSAGE, ++acks),
            event: () => {},
            closed: (reason) => reject(new Error(reason)),
          },
        );
      });
      return client;
    }),
  );
  for (const client of clients) for (let i = 0; i < IN_FLIGHT; i++) client.emit('message:send', MESSAGE, 0);
  const floor = await measure(
    'socket.io event + ack',
    server.pid,
    () => acks,
    () => sleep(FLOOR_SECONDS * 1000),
  );
  server.end();
  return floor;
}
