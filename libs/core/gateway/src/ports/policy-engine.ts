import type { Decision, PolicyRule, Subject } from '../domain/policy.js';

/** One set of rules, ready to judge. Immutable: a change is another one. */
export interface CompiledPolicy {
  /** Denies where any line denies; allows where a line allows and none denies. */
  decide(subject: Subject, object: string, action: string): Decision;
  /** Two subjects with one key are judged alike in everything. */
  keyOf(subject: Subject): string;
  /** The given roles and all that are assigned or included. */
  rolesOf(subject: Subject): string[];
}

/** Makes judges of rules: Casbin, behind a port so that decisions can be tested without it. */
export abstract class PolicyEngine {
  /** Rejects where a rule cannot be understood: a set is enforced whole or not at all. */
  abstract compile(rules: readonly PolicyRule[]): Promise<CompiledPolicy>;
}
