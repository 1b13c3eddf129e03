import { type SqlDatabase, transact } from '@parley/adapter-sql';
import type { IdGenerator } from '@parley/kernel';

/** What the URLs of the embedded object store are signed with: made once, the same after every start and in every process on this database. */
export function signingSecret(database: SqlDatabase, ids: IdGenerator): Promise<string> {
  return transact(database, async (tx) => {
    const [known]: { secret: string }[] = await tx.query('SELECT secret FROM signing_secrets WHERE id = 1');
    if (known !== undefined) return known.secret;
    const secret = ids.secret() + ids.secret();
    await tx.query('INSERT INTO signing_secrets (id, secret) VALUES (1, ?)', [secret]);
    return secret;
  });
}
