import { invalid } from './identity.errors.js';
import { isUser } from './policy-rule.js';

export interface Ban {
  kind: 'user' | 'address';
  value: string;
  /** Shown to administrators only. */
  reason: string;
  /** 0 means for good. */
  until: number;
  createdAt: number;
  createdBy: string;
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]+)$/;
const REASON_MAX = 500;

/** One address has one form: lower case, and IPv4 as IPv4 also where a dual-stack listener reports it as IPv6. */
export function normalizeAddress(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^::ffff:(?=\d{1,3}\.)/, '');
}

export function parseBan(input: Pick<Ban, 'value' | 'reason' | 'until'> & { kind: string }, now: number): Ban {
  const { kind, reason, until } = input;
  if (kind !== 'user' && kind !== 'address') throw invalid({ path: 'kind', message: 'must be user or address' });
  const value = kind === 'address' ? normalizeAddress(input.value) : input.value;
  if (kind === 'user' ? !isUser(value) : !ADDRESS.test(value) || value.length > 45)
    throw invalid({ path: 'value', message: kind === 'user' ? 'must be a user id' : 'must be an IP address' });
  if (reason.length > REASON_MAX || !reason.isWellFormed() || /\p{Cc}/u.test(reason))
    throw invalid({ path: 'reason', message: `must be at most ${REASON_MAX} printable characters` });
  if (until !== 0 && until <= now) throw invalid({ path: 'until', message: 'must be in the future' });
  return { kind, value, reason, until, createdAt: now, createdBy: '' };
}

export const inForce = (ban: Pick<Ban, 'until'>, now: number): boolean => ban.until === 0 || ban.until > now;
