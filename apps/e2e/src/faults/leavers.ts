import type { Cast } from '../ledger/cast.js';
import { login, type Person } from '../support/people.js';
import type { ServerUnderTest } from '../support/server-under-test.js';
import { callOnce, callUntilAnswered, EdgeTurn } from './persistent-call.js';
import { ENFORCED_WITHIN_MS, Watcher } from './watcher.js';

const EVERY_MS = 1500;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Leaver {
  token: string;
  watcher: Watcher;
  /** When the logout was acked. */
  leftAt: number;
}

/** Sessions that log out, one after the other, while other things happen; after the ack they may neither hear nor read. */
export class Leavers {
  private readonly violations: string[] = [];
  private isOver = false;
  private going: Promise<void> = Promise.resolve();
  logouts = 0;

  private constructor(
    private readonly leavers: Leaver[],
    private readonly edges: readonly string[],
  ) {}

  static async connect(server: ServerUnderTest, { persons, edges }: Cast, count: number): Promise<Leavers> {
    const leavers = Array.from({ length: count }, async (_, n) => {
      const { username } = persons[n % persons.length] as Person;
      const { accessToken } = await login(server, username, `leaver-${n}`);
      const watcher = new Watcher(edges, n, accessToken, `leaver-${n}`);
      return { token: accessToken, watcher, leftAt: Infinity };
    });
    return new Leavers(await Promise.all(leavers), edges);
  }

  start(): void {
    this.going = this.leave();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.going;
    for (const { watcher } of this.leavers) watcher.close();
  }

  judge(madeAt: (clientMsgId: string) => number | undefined): string[] {
    const found = [...this.violations];
    for (const { watcher, leftAt } of this.leavers)
      for (const { seq, at } of watcher.forbidden(leftAt, Infinity, madeAt))
        found.push(`FORBIDDEN: a session saw seq ${seq}, ${Math.round(at - leftAt)} ms after the ack of its logout`);
    return found;
  }

  private async leave(): Promise<void> {
    for (const [n, leaver] of this.leavers.entries()) {
      await pause(EVERY_MS);
      // Not on the edge that holds its socket.
      const order = this.edges.map((_, i) => this.edges[(n + 1 + i) % this.edges.length] as string);
      const answer = await callUntilAnswered(
        new EdgeTurn(order),
        (edge) => callOnce(edge, leaver.token, 'POST', '/auth/logout', {}),
        () => !this.isOver,
      );
      if (answer === undefined) return;
      // The first attempt may have worked and its answer got lost.
      if (answer.status >= 300 && answer.status !== 401) this.violations.push(`a logout was refused: ${answer.code}`);
      leaver.leftAt = performance.now();
      this.logouts++;
      await pause(ENFORCED_WITHIN_MS);
      const answers = await Promise.all(this.edges.map((edge) => callOnce(edge, leaver.token, 'GET', '/users/me')));
      for (const [at, one] of answers.entries())
        if (one?.status === 200) this.violations.push(`FORBIDDEN: edge ${at + 1} lets a session read after its logout`);
    }
  }
}
