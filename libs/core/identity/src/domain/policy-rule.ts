import { invalid } from './identity.errors.js';

/** One line of the policy. `p`: subject (role or user), path pattern, method pattern, effect. `g`: subject (role or user), role. */
export type PolicyRule =
  | { type: 'p'; subject: string; path: string; method: string; effect: 'allow' | 'deny' }
  | { type: 'g'; subject: string; role: string };

export const ADMIN = 'admin';
export const ROLE = /^[a-z][a-z0-9_-]{1,31}$/;
const USER_ID = /^[0-9][0-9a-z-]{7,63}$/;
const PATTERN_MAX = 200;
/** Everything that could end a value, a line or a comment in a policy file, in a matcher or in a log. */
const PATTERN = /^[\x21-\x7e]+$/;
const REFUSED_IN_PATTERN = /[,"'`#;<>]/;
/** A group that repeats inside and is repeated itself takes exponential time on a path made for it. */
const NESTED_REPEAT = /[*+}][^()]*\)[*+{]/;
const ALTERNATIVES_REPEATED = /\([^()]*\|[^()]*\)[*+{]/;
const BACK_REFERENCE = /\\[1-9k]/;

export function valuesOf(rule: PolicyRule): string[] {
  return rule.type === 'p' ? [rule.subject, rule.path, rule.method, rule.effect] : [rule.subject, rule.role];
}

export const keyOf = (rule: PolicyRule): string => [rule.type, ...valuesOf(rule)].join('\n');

/** A rule from outside. A user id starts with a digit and a role with a letter, so one is never taken for the other. */
export function parseRule(ptype: string, values: readonly string[], at: string): PolicyRule {
  const wrong = (field: string, message: string) => invalid({ path: `${at}.${field}`, message });
  const [subject = '', second = '', method = '', effect = ''] = values;
  if (!isRole(subject) && !isUser(subject)) throw wrong('subject', 'must be a role (a-z first) or a user id');
  if (ptype === 'g' && values.length === 2) {
    if (!isRole(second) || second === subject) throw wrong('role', 'must be the name of another role');
    return { type: 'g', subject, role: second };
  }
  if (ptype !== 'p' || values.length !== 4) throw wrong('type', 'must be a policy with 4 or a grouping with 2 values');
  if (effect !== 'allow' && effect !== 'deny') throw wrong('effect', 'must be allow or deny');
  if (!second.startsWith('/')) throw wrong('path', 'must start with a slash');
  for (const [field, pattern] of [
    ['path', second],
    ['method', method],
  ] as const) {
    const problem = problemOf(pattern);
    if (problem !== undefined) throw wrong(field, problem);
  }
  return { type: 'p', subject, path: second, method, effect };
}

export const isRole = (text: string): boolean => ROLE.test(text);
export const isUser = (text: string): boolean => USER_ID.test(text);

function problemOf(pattern: string): string | undefined {
  if (pattern.length === 0 || pattern.length > PATTERN_MAX) return `must be 1 to ${PATTERN_MAX} characters`;
  if (!PATTERN.test(pattern) || REFUSED_IN_PATTERN.test(pattern))
    return 'must be printable ASCII without spaces, commas, quotes, #, ;, < and >';
  if (NESTED_REPEAT.test(pattern) || ALTERNATIVES_REPEATED.test(pattern) || BACK_REFERENCE.test(pattern))
    return 'must not repeat a group that repeats or has alternatives, nor refer back';
  try {
    new RegExp(`^(?:${pattern})$`);
    return undefined;
  } catch {
    return 'must be a regular expression';
  }
}
