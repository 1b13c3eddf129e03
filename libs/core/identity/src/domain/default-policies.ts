import { keyOf, type PolicyRule } from './policy-rule.js';

const allow = (subject: string, path: string, method = '.*'): PolicyRule => ({
  type: 'p',
  subject,
  path,
  method,
  effect: 'allow',
});

/**
 * The rules of a new installation. REST is `/api/v1/…` with its method, a socket command is `/socket/<event>` with the method `EMIT`.
 *
 * Guests read and talk where they are members and join open rooms, or what they are invited to. They start nothing that reaches strangers: no direct conversation, no
 * group, no contact request, no call, no search of people. Somebody with an account may bring them into a direct conversation or a group.
 */
export const DEFAULT_POLICIES: readonly PolicyRule[] = [
  allow('admin', '/api/v1/.*'),
  allow('admin', '/socket/.*'),
  allow('user', '/api/v1/(?!admin(/|$)).*'),
  allow('user', '/socket/.*'),
  allow('guest', '/api/v1/auth/.*', 'POST'),
  allow('guest', '/api/v1/users/me(/.*)?'),
  allow('guest', '/api/v1/users/[^/]+', 'GET'),
  allow('guest', '/api/v1/(conversations|rooms|presence|blocks)', 'GET'),
  allow('guest', '/api/v1/blocks/[^/]+', '(PUT|DELETE)'),
  allow('guest', '/api/v1/conversations/[^/]+', 'GET'),
  allow('guest', '/api/v1/conversations/[^/]+/(join|leave)', 'POST'),
  allow('guest', '/api/v1/invitations/[^/]+', 'GET'),
  allow('guest', '/api/v1/invitations/[^/]+/accept', 'POST'),
  allow('guest', '/api/v1/conversations/[^/]+/members(/[^/]+)?', 'GET'),
  allow('guest', '/api/v1/conversations/[^/]+/(me|cursor)', '(GET|PUT)'),
  allow('guest', '/api/v1/conversations/[^/]+/(messages|events)(/.*)?'),
  allow('guest', '/api/v1/conversations/[^/]+/pins', 'GET'),
  allow('guest', '/api/v1/search/messages', 'GET'),
  allow('guest', '/api/v1/files(/.*)?'),
  allow('guest', '/api/v1/calls(/.*)?', 'GET'),
  allow('guest', '/socket/(message|cursor|conversation|presence|token):.*'),
  allow('guest', '/socket/(sync|typing)'),
  allow('guest', '/socket/call:(accept|reject|hangup|ringing|signal)'),
];

/** A default rule that a later release brought. */
interface NewDefault {
  rule: PolicyRule;
  /** The earlier default that it goes with: where an administrator took that one away, this one stays away too. */
  beside: PolicyRule;
  /** The earlier one makes room for it. */
  replaces?: true;
}

const join = allow('guest', '/api/v1/conversations/[^/]+/(join|leave)', 'POST');
const members = allow('guest', '/api/v1/conversations/[^/]+/members', 'GET');
const messages = allow('guest', '/api/v1/conversations/[^/]+/(messages|events)(/.*)?');

/**
 * What each release added to the defaults, for installations that are older: the first is what brings version 1 to version 2. RULE: who changes
 * `DEFAULT_POLICIES` appends a release here; none is ever changed, since each installation takes each once.
 */
export const DEFAULTS_SINCE: readonly (readonly NewDefault[])[] = [
  [
    { rule: allow('guest', '/api/v1/invitations/[^/]+', 'GET'), beside: join },
    { rule: allow('guest', '/api/v1/invitations/[^/]+/accept', 'POST'), beside: join },
    { rule: allow('guest', '/api/v1/conversations/[^/]+/members(/[^/]+)?', 'GET'), beside: members, replaces: true },
    { rule: allow('guest', '/api/v1/conversations/[^/]+/pins', 'GET'), beside: messages },
  ],
];

/** Version of `DEFAULT_POLICIES`. */
export const DEFAULTS_VERSION = 1 + DEFAULTS_SINCE.length;

/** What an installation with these rules lacks of the defaults that are newer than its version of them. */
export function newDefaults(
  rules: readonly PolicyRule[],
  version: number,
): { add: PolicyRule[]; remove: PolicyRule[] } {
  const held = new Map(rules.map((rule) => [keyOf(rule), rule]));
  for (const { rule, beside, replaces } of DEFAULTS_SINCE.slice(version - 1).flat()) {
    if (!held.has(keyOf(beside))) continue;
    if (replaces) held.delete(keyOf(beside));
    held.set(keyOf(rule), rule);
  }
  const before = new Set(rules.map(keyOf));
  return {
    add: [...held].flatMap(([key, rule]) => (before.has(key) ? [] : [rule])),
    remove: rules.filter((rule) => !held.has(keyOf(rule))),
  };
}
