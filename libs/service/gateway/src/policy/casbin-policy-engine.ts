import {
  BASE_ROLES,
  type CompiledPolicy,
  type Decision,
  PolicyEngine,
  type PolicyRule,
  type Subject,
} from '@parley/core-gateway';
import { type Enforcer, type Model, newEnforcer, newModelFromString } from 'casbin';

/** RBAC with deny over allow. Patterns are regular expressions for the whole path and the whole method. */
const MODEL = `
[request_definition]
r = sub, obj, act

[policy_definition]
p = sub, obj, act, eft

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = g(r.sub, p.sub) && matches(r.obj, p.obj) && matches(r.act, p.act)
`;

/** Joins a user and the role of their kind to one Casbin subject; occurs in neither. */
const JOINT = '|';

export class CasbinPolicyEngine extends PolicyEngine {
  async compile(rules: readonly PolicyRule[]): Promise<CompiledPolicy> {
    const model = newModelFromString(MODEL);
    const patterns = new Map<string, RegExp>();
    for (const { ptype, values } of rules) {
      if (!((ptype === 'p' && values.length === 4) || (ptype === 'g' && values.length === 2)))
        throw new Error(`A rule of type ${ptype} with ${values.length} values is not known.`);
      // As values, never as a line of text: nothing in a value can end it.
      add(model, ptype, values);
      for (const pattern of ptype === 'p' ? values.slice(1, 3) : [])
        patterns.set(pattern, new RegExp(`^(?:${pattern})$`));
    }
    const named = new Set(rules.map(({ values }) => values[0] as string));
    // Most users are nobody in particular: they are judged as their role, so that Casbin holds links for the few that rules name.
    for (const name of named)
      for (const base of BASE_ROLES) {
        add(model, 'g', [name + JOINT + base, name]);
        add(model, 'g', [name + JOINT + base, base]);
      }
    const enforcer = await newEnforcer(model);
    await enforcer.addFunction(
      'matches',
      (text: string, pattern: string) => patterns.get(pattern)?.test(text) === true,
    );
    await enforcer.buildRoleLinks();
    return new CasbinPolicy(enforcer, named, rules);
  }
}

class CasbinPolicy implements CompiledPolicy {
  constructor(
    private readonly enforcer: Enforcer,
    private readonly named: ReadonlySet<string>,
    private readonly rules: readonly PolicyRule[],
  ) {}

  keyOf({ userId, roles }: Subject): string {
    return (userId !== '' && this.named.has(userId) ? [userId, ...roles] : roles).join(JOINT);
  }

  decide(subject: Subject, object: string, action: string): Decision {
    const [allowed, values] = this.enforcer.enforceExSync(this.keyOf(subject), object, action);
    return values.length === 0 ? { allowed } : { allowed, rule: { ptype: 'p', values } };
  }

  rolesOf({ userId, roles }: Subject): string[] {
    const held = new Set(userId === '' ? roles : [userId, ...roles]);
    // A set grows while it is walked.
    for (const name of held)
      for (const { ptype, values } of this.rules)
        if (ptype === 'g' && values[0] === name) held.add(values[1] as string);
    held.delete(userId);
    return [...held];
  }
}

function add(model: Model, ptype: string, values: readonly string[]): void {
  model.addPolicy(ptype, ptype, [...values]);
}
