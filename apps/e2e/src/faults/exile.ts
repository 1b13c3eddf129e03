import type { Cast } from '../ledger/cast.js';
import { type Person, person } from '../support/people.js';
import type { ServerUnderTest } from '../support/server-under-test.js';
import { callOnce, callUntilAnswered, EdgeTurn } from './persistent-call.js';
import { ENFORCED_WITHIN_MS, Watcher } from './watcher.js';

const AGAIN_MS = 200;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Absence {
  from: number;
  until: number;
}

/** Somebody who is removed from a busy group and taken in again, over and over; while outside, nothing of the group may reach them. */
export class Exile {
  readonly violations: string[] = [];
  private readonly absences: Absence[] = [];
  private readonly watchers: Watcher[];
  private readonly turn: EdgeTurn;
  private isOver = false;
  private going: Promise<void> = Promise.resolve();

  private constructor(
    private readonly owner: Person,
    private readonly who: Person,
    private readonly conversationId: string,
    private readonly edges: readonly string[],
  ) {
    this.turn = new EdgeTurn(edges);
    // One on each edge: all of them have to know.
    this.watchers = edges.map((_, first) => new Watcher(edges, first, who.token, `exile-${first}`));
  }

  /** In a group of its own, to which the whole cast belongs and writes. */
  static async join(server: ServerUnderTest, cast: Cast): Promise<Exile> {
    const [owner, ...others] = cast.persons as [Person, ...Person[]];
    const who = await person(server, 'exile');
    const conversationId = await owner.group('Exile', who, ...others);
    for (const member of cast.persons) cast.conversationsOf.get(member.id)?.push(conversationId);
    cast.readerOf.set(conversationId, owner);
    return new Exile(owner, who, conversationId, cast.edges);
  }

  get removals(): number {
    return this.absences.length;
  }

  start(): void {
    this.going = this.goInAndOut();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.going;
    for (const watcher of this.watchers) watcher.close();
  }

  judge(madeAt: (clientMsgId: string) => number | undefined): string[] {
    const found = [...this.violations];
    for (const { from, until } of this.absences)
      for (const watcher of this.watchers)
        for (const { seq, at } of watcher.forbidden(from, until, madeAt, this.conversationId))
          found.push(
            `FORBIDDEN: a removed member saw seq ${seq}, ${Math.round(at - from)} ms after the ack of the removal`,
          );
    return found;
  }

  private async goInAndOut(): Promise<void> {
    const members = `/conversations/${this.conversationId}/members`;
    const goOn = () => !this.isOver;
    while (goOn()) {
      await pause(500);
      const remove = (edge: string) => callOnce(edge, this.owner.token, 'DELETE', `${members}/${this.who.id}`);
      const removed = await callUntilAnswered(this.turn, remove, goOn);
      if (removed === undefined) return;
      // The first attempt may have worked and its answer got lost: then there is nobody to remove.
      if (removed.status >= 300 && removed.status !== 404)
        this.violations.push(`a removal was refused: ${removed.code}`);
      const absence: Absence = { from: performance.now(), until: Infinity };
      this.absences.push(absence);
      await this.tryToRead();
      await pause(1.5 * ENFORCED_WITHIN_MS);
      absence.until = performance.now();
      if (!(await this.comeBack(members, goOn))) return;
    }
  }

  /** False when nobody knows: an edge that did not answer may do it any time later, and nothing could be said about an absence then. */
  private async comeBack(members: string, goOn: () => boolean): Promise<boolean> {
    while (goOn()) {
      const added = await callOnce(this.turn.edge, this.owner.token, 'POST', members, { userIds: [this.who.id] });
      if (added === undefined) return false;
      if (added.status < 300 || added.status === 409) return true;
      if (added.status < 500) this.violations.push(`a member was not taken in again: ${added.status} ${added.code}`);
      await pause(AGAIN_MS);
    }
    return false;
  }

  private async tryToRead(): Promise<void> {
    const path = `/conversations/${this.conversationId}/messages?limit=1`;
    const answers = await Promise.all(this.edges.map((edge) => callOnce(edge, this.who.token, 'GET', path)));
    for (const answer of answers)
      if (answer?.status === 200) this.violations.push('FORBIDDEN: a removed member read history after the ack');
  }
}
