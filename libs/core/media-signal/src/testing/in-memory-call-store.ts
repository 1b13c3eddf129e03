import type { CallId, Page, PageRequest, UserId } from '@parley/kernel';
import { type Call, isLive, isUnheard, participantOf } from '../domain/call.js';
import type { CallFact } from '../domain/fact.js';
import { type BeginOutcome, CallStore } from '../ports/call-store.js';
import { PendingFacts } from '../ports/pending-facts.js';

export class InMemoryCallStore extends CallStore {
  private readonly calls = new Map<CallId, Call>();
  private readonly keys = new Map<string, CallId>();
  private readonly facts = new Map<string, CallFact>();

  async begin(call: Call, idempotencyKey: string, facts: readonly CallFact[]): Promise<BeginOutcome> {
    const key = `${call.callerId}\n${idempotencyKey}`;
    const first = idempotencyKey === '' ? undefined : this.keys.get(key);
    const known = first === undefined ? undefined : this.calls.get(first);
    if (known !== undefined) return { is: 'repeated', call: known };
    const engaged = call.participants.find((one) => this.live(one.userId) !== undefined);
    if (isLive(call) && engaged !== undefined) return { is: 'engaged', userId: engaged.userId };
    this.write(call, facts);
    if (idempotencyKey !== '') this.keys.set(key, call.callId);
    return { is: 'begun' };
  }

  async find(callId: CallId): Promise<Call | undefined> {
    return this.calls.get(callId);
  }

  async save(call: Call, facts: readonly CallFact[]): Promise<boolean> {
    if (this.calls.get(call.callId)?.version !== call.version - 1) return false;
    this.write(call, facts);
    return true;
  }

  async liveCallOf(userId: UserId): Promise<Call | undefined> {
    return this.live(userId);
  }

  async overdue(now: number, limit: number): Promise<Call[]> {
    return [...this.calls.values()]
      .filter((call) => isLive(call) && call.deadlineAt <= now)
      .sort((a, b) => a.deadlineAt - b.deadlineAt)
      .slice(0, limit);
  }

  async unheard(createdUntil: number, limit: number): Promise<Call[]> {
    return [...this.calls.values()].filter((call) => isUnheard(call) && call.createdAt <= createdUntil).slice(0, limit);
  }

  async list(userId: UserId, activeOnly: boolean, page: PageRequest): Promise<Page<Call>> {
    const before = page.cursor ?? '\uffff';
    const found = [...this.calls.values()]
      .filter((call) => participantOf(call, userId) !== undefined && (!activeOnly || isLive(call)))
      .filter((call) => call.callId < before)
      .sort((a, b) => (a.callId < b.callId ? 1 : -1));
    const items = found.slice(0, page.limit);
    const last = items.at(-1);
    return { items, ...(found.length > page.limit && last !== undefined ? { nextCursor: last.callId } : {}) };
  }

  /** The facts as their port: both are one store. */
  readonly pending: PendingFacts = new (class extends PendingFacts {
    constructor(private readonly facts: Map<string, CallFact>) {
      super();
    }

    async oldest(limit: number): Promise<CallFact[]> {
      return [...this.facts.values()].slice(0, limit);
    }

    async remove(changeId: string): Promise<void> {
      this.facts.delete(changeId);
    }
  })(this.facts);

  private live(userId: UserId): Call | undefined {
    return [...this.calls.values()].find((call) => isLive(call) && participantOf(call, userId) !== undefined);
  }

  private write(call: Call, facts: readonly CallFact[]): void {
    this.calls.set(call.callId, call);
    for (const fact of facts) this.facts.set(fact.changeId, fact);
  }
}
