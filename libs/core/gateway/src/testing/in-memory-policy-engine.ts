import { type Decision, type PolicyRule, type Subject } from '../domain/policy.js';
import { type CompiledPolicy, PolicyEngine } from '../ports/policy-engine.js';

/** The rules walked one by one: slow, and plainly what they say. */
export class InMemoryPolicyEngine extends PolicyEngine {
  async compile(rules: readonly PolicyRule[]): Promise<CompiledPolicy> {
    for (const { ptype, values } of rules) {
      if (!((ptype === 'p' && values.length === 4) || (ptype === 'g' && values.length === 2)))
        throw new Error('unknown rule');
      for (const pattern of ptype === 'p' ? values.slice(1, 3) : []) new RegExp(pattern);
    }
    return new WalkedPolicy(rules);
  }
}

class WalkedPolicy implements CompiledPolicy {
  constructor(private readonly rules: readonly PolicyRule[]) {}

  decide(subject: Subject, object: string, action: string): Decision {
    const names = [...this.rolesOf(subject), subject.userId];
    const matching = this.rules.filter(
      ({ ptype, values: [name = '', path = '', method = ''] }) =>
        ptype === 'p' && names.includes(name) && whole(path).test(object) && whole(method).test(action),
    );
    const denying = matching.find(({ values }) => values[3] === 'deny');
    const rule = denying ?? matching[0];
    return { allowed: denying === undefined && rule !== undefined, ...(rule === undefined ? {} : { rule }) };
  }

  keyOf({ userId, roles }: Subject): string {
    const named = this.rules.some(({ values }) => values[0] === userId);
    return [...(named ? [userId] : []), ...roles].join(' ');
  }

  rolesOf({ userId, roles }: Subject): string[] {
    const held = new Set([userId, ...roles]);
    for (const name of held)
      for (const { ptype, values } of this.rules)
        if (ptype === 'g' && values[0] === name) held.add(values[1] as string);
    held.delete(userId);
    return [...held];
  }
}

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
