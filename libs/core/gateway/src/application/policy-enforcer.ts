import { type Clock, DomainError, errorOf, type Principal } from '@parley/kernel';
import { LRUCache } from 'lru-cache';
import { BanList } from '../domain/ban-list.js';
import { baseRolesOf, type Decision, type PolicySet, type Subject } from '../domain/policy.js';
import type { CompiledPolicy, PolicyEngine } from '../ports/policy-engine.js';

const denied = errorOf('authz.denied', 'forbidden', 'Policy does not allow it.');
const banned = errorOf('auth.banned', 'forbidden', 'The account or address is banned.');

const CACHED_DECISIONS = 20_000;

/** One version and all that follows from it. Swapped as a whole, so no request is judged by a half-loaded set or an old decision. */
interface InForce {
  version: number;
  policy: CompiledPolicy;
  bans: BanList;
  decisions: LRUCache<string, Decision>;
}

export interface Explanation extends Decision {
  /** A ban refuses before any rule is asked. */
  banned: boolean;
  /** All roles that counted. */
  roles: string[];
  version: number;
}

/** Says on this gateway who may do what, by the newest set that was loaded. Refuses everything until the first one is there. */
export class PolicyEnforcer {
  private current: InForce | undefined;
  private isSuspended = false;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly engine: PolicyEngine,
    private readonly clock: Clock,
  ) {}

  /** 0 until the first set is in force. */
  get version(): number {
    return this.current?.version ?? 0;
  }

  /** Makes the set aside and then swaps. A set that cannot be made, or is older, leaves the current one in force. */
  async load(set: PolicySet): Promise<void> {
    const policy = await this.engine.compile(set.rules);
    // ORDER: another load may have been quicker with a newer set.
    if (set.version < this.version) return;
    const decisions = new LRUCache<string, Decision>({ max: CACHED_DECISIONS });
    this.current = { version: set.version, policy, bans: new BanList(set.bans), decisions };
    for (const listener of this.listeners) listener();
  }

  /** What is loaded may be out of date: refuses everything, as before the first set, until `resume`. */
  suspend(): void {
    this.isSuspended = true;
  }

  resume(): void {
    this.isSuspended = false;
  }

  /** Called after each swap: what was allowed before may not be any more. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Throws `authz.denied`, or `server.unavailable` before the first set. Synchronous: this is asked for every request and socket command. */
  require(principal: Pick<Principal, 'userId' | 'roles'>, object: string, action: string): void {
    const { policy, decisions } = this.loaded();
    const subject = { userId: principal.userId, roles: baseRolesOf(principal.roles) };
    const key = `${policy.keyOf(subject)}\n${action}\n${object}`;
    let decision = decisions.get(key);
    if (decision === undefined) {
      decision = policy.decide(subject, object, action);
      decisions.set(key, decision);
    }
    if (!decision.allowed) throw denied();
  }

  /** The decision with the line behind it. For administrators. */
  explain(subject: Subject, object: string, action: string): Explanation {
    const { policy, version, bans } = this.loaded();
    const decision = policy.decide(subject, object, action);
    const banned = bans.hasUser(subject.userId, this.clock.now());
    return { ...decision, allowed: decision.allowed && !banned, banned, roles: policy.rolesOf(subject), version };
  }

  /** Throws `auth.banned`. */
  refuseBannedAddress(address: string): void {
    if (this.loaded().bans.hasAddress(address, this.clock.now())) throw banned();
  }

  /** Throws `auth.banned`. */
  refuseBannedUser(userId: string): void {
    if (this.loaded().bans.hasUser(userId, this.clock.now())) throw banned();
  }

  /** The roles that somebody has now: the one of their kind, and what the policy assigns. */
  rolesOf(userId: string, roles: readonly string[]): string[] {
    return this.loaded().policy.rolesOf({ userId, roles: baseRolesOf(roles) });
  }

  private loaded(): InForce {
    if (this.current === undefined || this.isSuspended)
      throw new DomainError('server.unavailable', 'unavailable', {
        message: this.isSuspended ? 'The policy may be out of date.' : 'The policy is not loaded yet.',
        retryAfterMs: 1000,
      });
    return this.current;
  }
}
