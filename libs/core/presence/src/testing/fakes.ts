import { Clock, DomainError } from '@parley/kernel';
import { type LastSeen, LastSeenStore } from '../ports/last-seen-store.js';
import { type MemberCheck, Membership, type SessionPush, SessionPusher, VisibleUsers } from '../ports/neighbours.js';

export class FakeClock extends Clock {
  constructor(public at = 1_700_000_000_000) {
    super();
  }

  now(): number {
    return this.at;
  }
}

export class InMemoryLastSeenStore extends LastSeenStore {
  readonly seen = new Map<string, number>();
  down = false;

  async save(entries: readonly LastSeen[]): Promise<void> {
    if (this.down) throw new DomainError('server.unavailable', 'unavailable');
    for (const { userId, at } of entries) this.seen.set(userId, Math.max(at, this.seen.get(userId) ?? 0));
  }

  async load(userIds: readonly string[]): Promise<Map<string, number>> {
    return new Map(
      userIds.flatMap((id): [string, number][] => {
        const at = this.seen.get(id);
        return at === undefined ? [] : [[id, at]];
      }),
    );
  }
}

/** Everybody sees everybody but `hidden` pairs, written `actor>user`. */
export class FakeVisibleUsers extends VisibleUsers {
  readonly hidden = new Set<string>();
  down = false;

  async among(actorId: string, userIds: readonly string[]): Promise<string[]> {
    if (this.down) throw new DomainError('server.unavailable', 'unavailable');
    return userIds.filter((id) => !this.hidden.has(`${actorId}>${id}`));
  }
}

export class FakeMembership extends Membership {
  answer: MemberCheck = { isMember: true, maySend: true, memberCount: 2 };
  asked = 0;

  async check(): Promise<MemberCheck> {
    this.asked += 1;
    return this.answer;
  }
}

export class RecordingPusher extends SessionPusher {
  readonly pushes: SessionPush[] = [];
  calls = 0;
  down = false;

  async push(pushes: readonly SessionPush[]): Promise<void> {
    this.calls += 1;
    if (this.down) throw new DomainError('server.unavailable', 'unavailable');
    this.pushes.push(...pushes);
  }

  get payloads(): unknown[] {
    return this.pushes.map((push) => JSON.parse(push.payloadJson) as unknown);
  }
}
