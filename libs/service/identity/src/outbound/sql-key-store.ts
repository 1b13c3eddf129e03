import { KeyStore, type SigningKey } from '@parley/core-identity';
import type { IdentityDatabase } from './identity-database.js';
import type { Row } from './rows.js';

export class SqlKeyStore extends KeyStore {
  constructor(private readonly db: IdentityDatabase) {
    super();
  }

  async all(): Promise<SigningKey[]> {
    const rows = await this.db.query<Row[]>('SELECT kid, private_jwk, public_jwk, created_at FROM signing_keys');
    return rows.map((row) => ({
      kid: row['kid'] as string,
      privateJwk: row['private_jwk'] as string,
      publicJwk: row['public_jwk'] as string,
      createdAt: Number(row['created_at']),
    }));
  }

  async add(key: SigningKey): Promise<void> {
    await this.db.write(({ sql }) =>
      sql.query('INSERT INTO signing_keys (kid, private_jwk, public_jwk, created_at) VALUES (?, ?, ?, ?)', [
        key.kid,
        key.privateJwk,
        key.publicJwk,
        key.createdAt,
      ]),
    );
  }

  async drop(kid: string): Promise<void> {
    await this.db.write(({ sql }) => sql.query('DELETE FROM signing_keys WHERE kid = ?', [kid]));
  }
}
