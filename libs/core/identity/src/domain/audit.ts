/** Who did what to whom, for administrators. Written in the transaction of the change itself. */
export interface AuditEntry {
  auditId: string;
  at: number;
  /** A user id, or `system`. */
  actorId: string;
  /** e.g. `policy.added`, `user.banned`. */
  action: string;
  subject: string;
  details: Record<string, unknown>;
}
