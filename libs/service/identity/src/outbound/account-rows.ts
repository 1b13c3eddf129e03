import { type Account, foldUsername, searchWords } from '@parley/core-identity';
import type { Transaction } from './identity-database.js';
import { accountOf, type Row } from './rows.js';

export async function insertAccount(tx: Transaction, account: Account): Promise<void> {
  await tx.sql.query(
    `INSERT INTO accounts (user_id, kind, username, username_folded, display_name, avatar_file_id, password_hash,
       must_change_password, created_at, deleted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [account.userId, ...columnsOf(account), account.createdAt, account.deletedAt ?? null],
  );
  await insertWords(tx, account);
}

/** Writes every column that can change, and what a search finds the account by. */
export async function writeAccount(tx: Transaction, account: Account): Promise<void> {
  await tx.sql.query(
    `UPDATE accounts SET kind = ?, username = ?, username_folded = ?, display_name = ?, avatar_file_id = ?,
       password_hash = ?, must_change_password = ?, deleted_at = ? WHERE user_id = ?`,
    [...columnsOf(account), account.deletedAt ?? null, account.userId],
  );
  await tx.sql.query('DELETE FROM account_words WHERE user_id = ?', [account.userId]);
  await insertWords(tx, account);
}

/** With the row's lock: the write that changes nothing takes it on engines with many writers. */
export async function loadAccount(tx: Transaction, userId: string): Promise<Account | undefined> {
  await tx.sql.query('UPDATE accounts SET user_id = user_id WHERE user_id = ?', [userId]);
  const rows: Row[] = await tx.sql.query('SELECT * FROM accounts WHERE user_id = ?', [userId]);
  return rows[0] === undefined ? undefined : accountOf(rows[0]);
}

function columnsOf(account: Account) {
  return [
    account.kind,
    account.username,
    account.username === '' ? null : foldUsername(account.username),
    account.displayName,
    account.avatarFileId,
    account.passwordHash ?? null,
    account.mustChangePassword ? 1 : 0,
  ];
}

async function insertWords(tx: Transaction, account: Account): Promise<void> {
  if (account.deletedAt !== undefined) return;
  const words = searchWords(account.username, account.displayName);
  if (words.length === 0) return;
  await tx.sql.query(
    `INSERT INTO account_words (word, user_id) VALUES ${words.map(() => '(?, ?)').join(', ')}`,
    words.flatMap((word) => [word, account.userId]),
  );
}
