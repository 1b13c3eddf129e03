import type { PolicySet } from '../domain/policy.js';

export interface PolicyUpdate {
  version: number;
  /** Absent where nothing changed. */
  set?: PolicySet;
  revoked: readonly { sessionId: string; until: number }[];
  /** The source's time, for the next question. */
  asOf: number;
}

/** Where the policy comes from: identity. */
export abstract class PolicySource {
  /**
   * @param knownVersion 0 where none is enforced yet.
   * @param revokedSince 0 for all revoked sessions that may still have unexpired tokens.
   */
  abstract fetch(knownVersion: number, revokedSince: number): Promise<PolicyUpdate>;
}
