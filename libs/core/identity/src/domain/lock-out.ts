import { wouldLockOut } from './identity.errors.js';
import { ADMIN, isUser, type PolicyRule } from './policy-rule.js';

/** What an administrator needs to undo any other mistake. */
const LIFELINES = [
  ['/api/v1/admin/policies', 'GET'],
  ['/api/v1/admin/policies', 'POST'],
  ['/api/v1/admin/policies', 'DELETE'],
] as const;

/** Refuses a set of rules after which nobody could administer it: no administrator left, not allowed any more, or denied by another role. */
export function refuseLockOut(rules: readonly PolicyRule[]): void {
  if (!rules.some((rule) => rule.type === 'g' && rule.role === ADMIN && isUser(rule.subject)))
    throw wouldLockOut({ message: 'Nobody would be an administrator.' });
  const roles = rolesHeldBy([ADMIN, 'user'], rules);
  for (const [path, method] of LIFELINES) {
    const matching = rules.filter(
      (rule) =>
        rule.type === 'p' && roles.has(rule.subject) && matches(rule.path, path) && matches(rule.method, method),
    );
    if (!matching.some((rule) => rule.type === 'p' && rule.effect === 'allow')) throw wouldLockOut();
    if (matching.some((rule) => rule.type === 'p' && rule.effect === 'deny')) throw wouldLockOut();
  }
}

/** The given roles and all that they include. */
export function rolesHeldBy(roles: readonly string[], rules: readonly PolicyRule[]): Set<string> {
  const held = new Set(roles);
  // A set grows while it is walked: each role is visited once.
  for (const role of held)
    for (const rule of rules) if (rule.type === 'g' && rule.subject === role) held.add(rule.role);
  return held;
}

const matches = (pattern: string, text: string) => new RegExp(`^(?:${pattern})$`).test(text);
