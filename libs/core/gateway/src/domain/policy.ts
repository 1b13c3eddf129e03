/** One line of the policy as it comes from identity. `p`: subject, path pattern, method pattern, effect. `g`: subject, role. */
export interface PolicyRule {
  ptype: string;
  values: readonly string[];
}

export interface BanEntry {
  kind: string;
  value: string;
  /** Milliseconds since the epoch; 0 means for good. */
  until: number;
}

/** A whole set as it is enforced: of one version, never a mixture. */
export interface PolicySet {
  version: number;
  rules: readonly PolicyRule[];
  bans: readonly BanEntry[];
}

/** Who asks: a user with the role of their kind (`user` or `guest`), or a role by itself, for a check. */
export interface Subject {
  /** Empty: nobody in particular. */
  userId: string;
  roles: readonly string[];
}

export interface Decision {
  allowed: boolean;
  /** The line that decided; absent where no line allows. */
  rule?: PolicyRule;
}

/** What people are by themselves; every other role is assigned by the policy, now, whatever a token says. */
export const BASE_ROLES: readonly string[] = ['user', 'guest'];

export function baseRolesOf(roles: readonly string[]): string[] {
  return roles.filter((role) => BASE_ROLES.includes(role));
}

/** The object of a socket command; its action is EMIT. */
export const socketObject = (event: string): string => `/socket/${event}`;
export const EMIT = 'EMIT';
