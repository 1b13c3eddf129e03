import { performance } from 'node:perf_hooks';
import { LoadUser } from './load-user.js';
import { OneToOneRun } from './one-to-one.js';
import type { ConnectReport, Order, Reply } from './orders.js';

let users: LoadUser[] = [];

async function connectAll(order: Extract<Order, { kind: 'connect' }>): Promise<ConnectReport> {
  const startedAt = performance.now();
  const failed: Record<string, number> = {};
  // The two of a pair are neighbours: with several edges they sit on different ones.
  users = order.users.map((data, index) => new LoadUser(data, order.urls, index));
  const waiting = users.values();
  const connectSome = async () => {
    for (const user of waiting) {
      await user.connect().catch((error: Error) => {
        failed[error.message] = (failed[error.message] ?? 0) + 1;
      });
    }
  };
  await Promise.all(Array.from({ length: order.atOnce }, connectSome));
  const connected = users.filter((user) => user.connected).length;
  return { connected, failed, ms: performance.now() - startedAt };
}

async function carryOut(order: Order): Promise<Extract<Reply, { report: unknown }>['report']> {
  switch (order.kind) {
    case 'connect':
      return connectAll(order);
    case 'run':
      return new OneToOneRun(users, order.order).run();
    case 'disconnect':
      for (const user of users) user.close();
      users = [];
      return undefined;
  }
}

const reply = (message: Reply) => process.send?.(message);

process.on('message', (order: Order) => {
  carryOut(order).then(
    (report) => reply({ id: order.id, report }),
    (error: Error) => reply({ id: order.id, error: error.stack ?? error.message }),
  );
});
process.on('disconnect', () => process.exit());
