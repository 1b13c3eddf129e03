import { type Operation, operations, socketCommands } from '@parley/contracts';
import { DEFAULT_POLICIES } from '@parley/core-identity';
import { describe, expect, it } from 'vitest';

const pathOf = (operation: Operation) =>
  `/api/v1${operation.path.replace(/\{\w+\}/g, '0198f3a0-0000-7000-8000-000000000001')}`;

const allowed = (role: string, path: string, method: string) =>
  DEFAULT_POLICIES.some(
    (rule) =>
      rule.type === 'p' &&
      rule.subject === role &&
      new RegExp(`^(?:${rule.path})$`).test(path) &&
      new RegExp(`^(?:${rule.method})$`).test(method),
  );
const closed = operations.filter((operation) => operation.access === 'user');
const isAdmin = (operation: Operation) => operation.path.startsWith('/admin/');

describe('the default policies', () => {
  it('let users do all but administer, and administrators everything', () => {
    for (const operation of closed) {
      const { id, method } = operation;
      expect(allowed('user', pathOf(operation), method), id).toBe(!isAdmin(operation));
      expect(allowed('admin', pathOf(operation), method), id).toBe(true);
    }
    for (const { event } of socketCommands) expect(allowed('user', `/socket/${event}`, 'EMIT'), event).toBe(true);
    expect(allowed('user', '/api/v1/admin', 'GET')).toBe(false);
  });

  it('keep guests from everything that reaches strangers', () => {
    const refused = closed.filter((operation) => !allowed('guest', pathOf(operation), operation.method));
    const ids = refused.map((operation) => operation.id);
    for (const operation of closed.filter(isAdmin)) expect(ids).toContain(operation.id);
    expect(ids).toEqual(
      expect.arrayContaining(['searchUsers', 'listContacts', 'createConversation', 'openDirect', 'addMembers']),
    );
    expect(allowed('guest', '/socket/call:invite', 'EMIT')).toBe(false);
    for (const method of ['PATCH', 'DELETE'])
      expect(allowed('guest', '/api/v1/conversations/world/members/0198', method)).toBe(false);
  });

  it('let guests look after themselves, read, talk and join', () => {
    for (const [method, path] of [
      ['POST', '/auth/logout'],
      ['POST', '/auth/guest/upgrade'],
      ['GET', '/users/me'],
      ['PATCH', '/users/me'],
      ['GET', '/users/me/sessions'],
      ['GET', '/users/0198'],
      ['GET', '/rooms'],
      ['POST', '/conversations/world/join'],
      ['GET', '/invitations/code'],
      ['POST', '/invitations/code/accept'],
      ['GET', '/conversations/world/members'],
      ['GET', '/conversations/world/members/0198'],
      ['GET', '/conversations/world/messages'],
      ['POST', '/conversations/world/messages'],
      ['PUT', '/conversations/world/messages/1/reactions/%F0%9F%90%89'],
      ['PUT', '/conversations/world/cursor'],
      ['POST', '/files'],
      ['GET', '/calls/ice-servers'],
      ['GET', '/presence'],
    ] as const)
      expect(allowed('guest', `/api/v1${path}`, method), `${method} ${path}`).toBe(true);
    for (const event of ['message:send', 'sync', 'typing', 'token:refresh', 'cursor:read', 'conversation:subscribe'])
      expect(allowed('guest', `/socket/${event}`, 'EMIT'), event).toBe(true);
  });
});
