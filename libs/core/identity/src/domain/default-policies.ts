import type { PolicyRule } from './policy-rule.js';

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
