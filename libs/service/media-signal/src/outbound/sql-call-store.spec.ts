import { alternating, forEachEngine } from '@parley/adapter-sql/testing';
import { callStoreContract } from '@parley/core-media-signal/testing';
import { SqlCallStore } from './sql-call-store.js';
import { SqlPendingFacts } from './sql-pending-facts.js';

forEachEngine((name, open) =>
  callStoreContract(name, async () => {
    const { databases, close } = await open('media-signal');
    const [first, ...others] = databases;
    return {
      calls: alternating(new SqlCallStore(first), ...others.map((database) => new SqlCallStore(database))),
      pending: alternating(new SqlPendingFacts(first), ...others.map((database) => new SqlPendingFacts(database))),
      close,
    };
  }),
);
