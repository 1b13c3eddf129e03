import type { Account, AccountKind, AuditEntry, Ban, PolicyRule, Session } from '@parley/core-identity';

/** Columns as the drivers give them. BIGINT may come as text from MySQL: `Number` reads both. */
type Value = string | number | null;
export type Row = Record<string, Value>;

export function accountOf(row: Row): Account {
  return {
    userId: row['user_id'] as string,
    kind: row['kind'] as AccountKind,
    username: row['username'] as string,
    displayName: row['display_name'] as string,
    avatarFileId: row['avatar_file_id'] as string,
    ...(row['password_hash'] === null ? {} : { passwordHash: row['password_hash'] as string }),
    mustChangePassword: Number(row['must_change_password']) === 1,
    createdAt: Number(row['created_at']),
    ...(row['deleted_at'] === null ? {} : { deletedAt: Number(row['deleted_at']) }),
  };
}

export function sessionOf(row: Row): Session {
  return {
    sessionId: row['session_id'] as string,
    userId: row['user_id'] as string,
    deviceId: row['device_id'] as string,
    deviceName: row['device_name'] as string,
    platform: row['platform'] as string,
    address: row['address'] as string,
    createdAt: Number(row['created_at']),
    lastUsedAt: Number(row['last_used_at']),
    expiresAt: Number(row['expires_at']),
    usedGeneration: Number(row['used_generation']),
    refreshKey: row['refresh_key'] as string,
    ...(row['revoked_at'] === null ? {} : { revokedAt: Number(row['revoked_at']) }),
    ...(row['revoked_code'] === null ? {} : { revokedCode: row['revoked_code'] as string }),
  };
}

export function ruleOf(row: Row): PolicyRule {
  const [subject, second, method, effect] = [row['v0'], row['v1'], row['v2'], row['v3']] as string[];
  return row['ptype'] === 'g'
    ? { type: 'g', subject: subject as string, role: second as string }
    : {
        type: 'p',
        subject: subject as string,
        path: second as string,
        method: method as string,
        effect: effect as 'allow' | 'deny',
      };
}

export function banOf(row: Row): Ban {
  return {
    kind: row['kind'] as Ban['kind'],
    value: row['value'] as string,
    reason: row['reason'] as string,
    until: Number(row['until_at']),
    createdAt: Number(row['created_at']),
    createdBy: row['created_by'] as string,
  };
}

export function auditOf(row: Row): AuditEntry {
  return {
    auditId: row['audit_id'] as string,
    at: Number(row['at']),
    actorId: row['actor_id'] as string,
    action: row['action'] as string,
    subject: row['subject'] as string,
    details: JSON.parse(row['details_json'] as string) as Record<string, unknown>,
  };
}

export const placeholders = (values: readonly unknown[]): string => values.map(() => '?').join(',');
