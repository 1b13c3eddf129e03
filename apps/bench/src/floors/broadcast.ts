import { setTimeout as sleep } from 'node:timers/promises';
import { RawSocket } from '../load/raw-socket.js';
import { FLOOR_SECONDS, type Floor, measure, startFloorServer } from './floor.js';

const SOCKETS = 200;

/** Deliveries of one pre-encoded frame over plain WebSockets. */
export async function broadcastFloor(): Promise<Floor> {
  const server = await startFloorServer('broadcast-server');
  let deliveries = 0;
  await Promise.all(
    Array.from(
      { length: SOCKETS },
      () =>
        new Promise<void>((resolve) => {
          new RawSocket(new URL(server.url), { open: resolve, text: () => void deliveries++, close: () => {} });
        }),
    ),
  );
  server.tell('go');
  const floor = await measure(
    'ws broadcast, one frame encoded once',
    server.pid,
    () => deliveries,
    () => sleep(FLOOR_SECONDS * 1000),
  );
  server.end();
  return floor;
}
