import { z } from 'zod';
import { id, pageOf, pageQuery, text, timestamp } from './common.js';
import { operation } from './operation.js';
import { user } from './users.js';

/** One line of the Casbin policy. `p`: subject (role or user id), path pattern, method pattern, allow or deny. `g`: subject, role. */
const rule = z.strictObject({ ptype: z.enum(['p', 'g']), values: z.array(text(200, 1)).min(2).max(4) });
const role = z.string().regex(/^[a-z][a-z0-9_-]{1,31}$/, 'must be the name of a role');
const rules = z.strictObject({ rules: z.array(rule).min(1).max(100) });
/** The version that every gateway enforces by now. */
const inForce = z.object({ version: z.number().int() });

export const ban = z
  .object({
    kind: z.enum(['user', 'address']),
    value: z.string(),
    reason: z.string(),
    /** Absent: for good. */
    until: timestamp.optional(),
    createdAt: timestamp,
    createdBy: z.string(),
  })
  .meta({ id: 'Ban' });

const auditEntry = z
  .object({
    auditId: z.string(),
    at: timestamp,
    actorId: z.string(),
    action: z.string(),
    subject: z.string(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' });

const tag = 'administration';
const access = 'user';
const roleMember = z.strictObject({ role, userId: id });
const refused = ['policy.would_lock_out'] as const;

export const administration = {
  users: operation({
    id: 'adminListUsers',
    method: 'GET',
    path: '/admin/users',
    tag,
    access,
    summary: 'Users with their roles: newest first, or by the beginning of a name, or by id',
    query: pageQuery.extend({ q: text(64).optional() }),
    response: pageOf(user),
  }),
  endSessions: operation({
    id: 'adminEndSessions',
    method: 'DELETE',
    path: '/admin/users/{userId}/sessions',
    tag,
    access,
    summary: 'Ends all sessions of somebody; they may log in again',
    params: z.strictObject({ userId: id }),
    errors: ['user.not_found'],
  }),
  roles: operation({
    id: 'adminListRoles',
    method: 'GET',
    path: '/admin/roles',
    tag,
    access,
    summary: 'Every role that a rule names, with its members and the roles that it includes',
    response: pageOf(z.object({ role: z.string(), members: z.array(z.string()), includes: z.array(z.string()) })),
  }),
  assignRole: operation({
    id: 'adminAssignRole',
    method: 'PUT',
    path: '/admin/roles/{role}/members/{userId}',
    tag,
    access,
    summary: 'Gives somebody a role; in force at once, without a new token',
    params: roleMember,
    response: inForce,
    errors: ['user.not_found'],
  }),
  unassignRole: operation({
    id: 'adminUnassignRole',
    method: 'DELETE',
    path: '/admin/roles/{role}/members/{userId}',
    tag,
    access,
    summary: 'Takes a role away; in force at once',
    params: roleMember,
    response: inForce,
    errors: refused,
  }),
  policies: operation({
    id: 'adminListPolicies',
    method: 'GET',
    path: '/admin/policies',
    tag,
    access,
    summary: 'All rules with their version',
    response: z.object({ version: z.number().int(), items: z.array(rule) }),
  }),
  addPolicies: operation({
    id: 'adminAddPolicies',
    method: 'POST',
    path: '/admin/policies',
    tag,
    access,
    summary: 'Adds rules; answered when every gateway enforces them. Deny wins over allow',
    body: rules,
    response: inForce,
    errors: refused,
  }),
  removePolicies: operation({
    id: 'adminRemovePolicies',
    method: 'DELETE',
    path: '/admin/policies',
    tag,
    access,
    summary: 'Removes rules; answered when no gateway enforces them',
    body: rules,
    response: inForce,
    errors: ['policy.not_found', ...refused],
  }),
  checkPolicy: operation({
    id: 'adminCheckPolicy',
    method: 'GET',
    path: '/admin/policies/check',
    tag,
    access,
    summary:
      'Whether a user or role would be allowed an action (method, or EMIT) on an object (path, or /socket/<event>), and why',
    query: z.strictObject({ subject: text(64, 1), object: text(500, 1), action: text(32, 1) }),
    response: z.object({
      allowed: z.boolean(),
      /** The line that decided; absent where no line allows it. */
      rule: rule.optional(),
      /** All roles that counted. */
      roles: z.array(z.string()),
      /** The ban that refuses the subject before any rule is asked. */
      banned: z.boolean(),
      version: z.number().int(),
    }),
    errors: ['user.not_found'],
  }),
  bans: operation({
    id: 'adminListBans',
    method: 'GET',
    path: '/admin/bans',
    tag,
    access,
    summary: 'Bans, newest first; ended ones too',
    query: pageQuery,
    response: pageOf(ban),
  }),
  ban: operation({
    id: 'adminBan',
    method: 'POST',
    path: '/admin/bans',
    tag,
    access,
    summary: 'Bans a user or an address; answered when sockets are closed and every gateway refuses them',
    body: z.strictObject({
      kind: z.enum(['user', 'address']),
      value: text(64, 1),
      reason: text(500).optional(),
      until: timestamp.optional(),
    }),
    response: inForce,
    errors: ['user.not_found'],
  }),
  unban: operation({
    id: 'adminUnban',
    method: 'DELETE',
    path: '/admin/bans/{kind}/{value}',
    tag,
    access,
    summary: 'Lifts a ban',
    params: z.strictObject({ kind: z.enum(['user', 'address']), value: text(64, 1) }),
    errors: ['policy.ban_not_found'],
  }),
  audit: operation({
    id: 'adminListAudit',
    method: 'GET',
    path: '/admin/audit',
    tag,
    access,
    summary: 'Who changed what, newest first',
    query: pageQuery,
    response: pageOf(auditEntry),
  }),
  system: operation({
    id: 'adminSystem',
    method: 'GET',
    path: '/admin/system',
    tag,
    access,
    summary: 'What runs, and how far behind the consumers of the event log are',
    response: z.object({
      version: z.string(),
      nodeVersion: z.string(),
      startedAt: timestamp,
      memoryBytes: z.number().int(),
      policyVersion: z.number().int(),
      sockets: z.number().int(),
      instances: z
        .array(z.object({ service: z.string(), instance: z.string(), address: z.string(), zone: z.string() }))
        .describe('The processes of all services; empty where one process is all'),
      lag: z.array(z.object({ group: z.string(), topic: z.string(), records: z.number().int() })),
    }),
  }),
};
