import { Clock, DomainError, IdGenerator, type Page, type PageRequest, type UserId } from '@parley/kernel';
import type { Fact } from '../domain/fact.js';
import { ConversationLog } from '../ports/conversation-log.js';
import { UserDirectory } from '../ports/user-directory.js';
import { pageOf } from './in-memory-state.js';

export class FakeClock extends Clock {
  constructor(private time = Date.parse('2025-01-01T00:00:00Z')) {
    super();
  }

  now(): number {
    return this.time;
  }

  advance(ms: number): void {
    this.time += ms;
  }
}

/** Ids that sort in the order they were made, as the real ones do. */
export class CountingIds extends IdGenerator {
  private count = 0;

  next(): string {
    this.count += 1;
    return `id-${String(this.count).padStart(6, '0')}`;
  }

  secret(): string {
    return `secret-${this.next()}`;
  }
}

/** Everyone exists but those who are `missing`, and is called as their id, or as `names` says. */
export class FakeUserDirectory extends UserDirectory {
  readonly missing = new Set<string>();
  /** For questions about everybody. */
  readonly names = new Map<UserId, string>();
  calls = 0;

  async existing(_actorId: UserId, userIds: readonly UserId[]): Promise<Set<UserId>> {
    await Promise.resolve();
    return new Set(userIds.filter((userId) => !this.missing.has(userId)));
  }

  async named(_actorId: UserId, prefix: string, among: readonly UserId[], page: PageRequest): Promise<Page<UserId>> {
    await Promise.resolve();
    this.calls += 1;
    const all = among.length > 0 ? among : [...this.names.keys()];
    const found = all.filter((userId) => (this.names.get(userId) ?? userId).toLowerCase().startsWith(prefix));
    return pageOf([...found].sort(), page, (userId) => userId);
  }
}

/** The message service as far as facts go: idempotent by change id, can be down, can answer too late. */
export class FakeConversationLog extends ConversationLog {
  readonly facts: Fact[] = [];
  calls = 0;
  /** down: nothing is written. deaf: it is written, but the answer is lost. */
  state: 'up' | 'down' | 'deaf' = 'up';

  async append(facts: readonly Fact[]): Promise<void> {
    this.calls += 1;
    // Calls of several callers overlap.
    await Promise.resolve();
    if (this.state === 'down') throw new DomainError('server.unavailable', 'unavailable');
    const known = new Set(this.facts.map(({ changeId }) => changeId));
    this.facts.push(...facts.filter(({ changeId }) => !known.has(changeId)));
    if (this.state === 'deaf') throw new DomainError('server.unavailable', 'unavailable');
  }

  of(conversationId: string): Fact['body'][] {
    return this.facts.filter((fact) => fact.conversationId === conversationId).map(({ body }) => body);
  }
}
