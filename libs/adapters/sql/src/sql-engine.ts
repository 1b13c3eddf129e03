import type { EntityManager, EntitySchema, MixedList } from 'typeorm';
import type { Leases } from './leases.js';
import type { Dialect } from './migration-files.js';

// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own type for classes
export type Entities = MixedList<Function | string | EntitySchema>;

/** What each dialect has to offer; see SqlDatabase. */
export interface SqlEngine {
  readonly dialect: Dialect;
  readonly read: EntityManager;
  readonly leases: Leases;
  readonly conflicts: number;
  transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
