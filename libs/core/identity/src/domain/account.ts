/** A person or program that can act. Guests have neither username nor password; a deleted account keeps its id only. */
export interface Account {
  userId: string;
  kind: AccountKind;
  /** Empty for guests and deleted accounts. */
  username: string;
  displayName: string;
  /** Empty for none. */
  avatarFileId: string;
  /** Absent for guests. Never leaves this context. */
  passwordHash?: string;
  /** Assigned roles do not count until the password was changed. */
  mustChangePassword: boolean;
  createdAt: number;
  deletedAt?: number;
}

/** Also the role that everybody of this kind has. */
export type AccountKind = 'user' | 'guest';

export const DELETED_NAME = '';

/** What stays of a deleted account, so that its messages still have a sender. */
export function tombstone(account: Account, at: number): Account {
  return {
    userId: account.userId,
    kind: account.kind,
    username: '',
    displayName: DELETED_NAME,
    avatarFileId: '',
    mustChangePassword: false,
    createdAt: account.createdAt,
    deletedAt: at,
  };
}
