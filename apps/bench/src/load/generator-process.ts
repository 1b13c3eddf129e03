import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LoadUserData } from './load-user.js';
import type { RunOrder, RunReport } from './one-to-one.js';
import type { ConnectReport, Order, Reply } from './orders.js';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** The bench's hold on its generator. */
export class GeneratorProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, { resolve: (report: unknown) => void; reject: (error: Error) => void }>();
  private orders = 0;

  constructor() {
    this.child = fork(fileURLToPath(new URL('./generator.js', import.meta.url)), { execArgv: [] });
    this.child.on('message', (reply: Reply) => {
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.report);
    });
    this.child.on('exit', () => {
      for (const { reject } of this.waiting.values()) reject(new Error('the generator ended'));
    });
  }

  connect(urls: string[], users: LoadUserData[]): Promise<ConnectReport> {
    return this.ask({ kind: 'connect', urls, users, atOnce: 64 }) as Promise<ConnectReport>;
  }

  run(order: RunOrder): Promise<RunReport> {
    return this.ask({ kind: 'run', order }) as Promise<RunReport>;
  }

  disconnect(): Promise<unknown> {
    return this.ask({ kind: 'disconnect' });
  }

  end(): void {
    this.child.disconnect();
  }

  private ask(order: WithoutId<Order>): Promise<unknown> {
    const id = ++this.orders;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ ...order, id });
    });
  }
}
