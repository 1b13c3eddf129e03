import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isConflict, isUniqueViolation } from '../driver-errors.js';
import { type Lease, Leases } from '../leases.js';

/** Made by the adapter itself beside the service's tables, like the list of migrations. */
export const LEASES_TABLE = `CREATE TABLE IF NOT EXISTS schema_leases (
  name VARCHAR(120) NOT NULL PRIMARY KEY,
  holder CHAR(36) NOT NULL,
  until_at BIGINT NOT NULL
) ENGINE=InnoDB`;

// The server's clock: those of the processes may differ by more than a lease lasts.
const NOW = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

/**
 * One row per name. Rows rather than GET_LOCK: no connection is tied up, a proxy or a cluster of servers does no harm, and a
 * process that is stopped, not dead, loses it as well. Each statement is its own transaction, and one UPDATE decides who has it.
 */
export class MysqlLeases extends Leases {
  private readonly known = new Set<string>();

  constructor(private readonly source: DataSource) {
    super();
  }

  async tryTake(name: string, ttlMs: number): Promise<Lease | undefined> {
    if (!this.known.has(name)) await this.introduce(name);
    const holder = randomUUID();
    const asked = performance.now();
    const taken = await this.update(
      `UPDATE schema_leases SET holder = ?, until_at = ${NOW} + ? WHERE name = ? AND until_at <= ${NOW}`,
      [holder, ttlMs, name],
    );
    return taken ? this.lease(name, holder, ttlMs, asked) : undefined;
  }

  private lease(name: string, holder: string, ttlMs: number, taken: number): Lease {
    // Counted from before the statement was sent, so that ours runs out before the server's does.
    let until = taken + ttlMs;
    return {
      isHeld: () => performance.now() < until,
      renew: async () => {
        const asked = performance.now();
        const renewed = await this.update(
          `UPDATE schema_leases SET until_at = ${NOW} + ? WHERE name = ? AND holder = ? AND until_at > ${NOW}`,
          [ttlMs, name, holder],
        );
        until = renewed ? asked + ttlMs : 0;
        return renewed;
      },
      release: async () => {
        until = 0;
        await this.update('UPDATE schema_leases SET until_at = 0 WHERE name = ? AND holder = ?', [name, holder]);
      },
    };
  }

  private async introduce(name: string): Promise<void> {
    try {
      await this.source.query("INSERT INTO schema_leases (name, holder, until_at) VALUES (?, '', 0)", [name]);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
    this.known.add(name);
  }

  private async update(statement: string, values: unknown[]): Promise<boolean> {
    const runner = this.source.createQueryRunner();
    try {
      const { affected } = await runner.query(statement, values, true);
      return affected === 1;
    } catch (error) {
      // Somebody else is at this very row.
      if (isConflict(error)) return false;
      throw error;
    } finally {
      await runner.release();
    }
  }
}
