import type { Leases } from '@parley/adapter-sql';
import type { CollectFiles } from '@parley/core-file';
import { Sweeper } from '@parley/platform';

const EVERY_MS = 60_000;

/** Runs the collection once a minute. Each of its steps is conditional, so two at once do no harm. */
export function fileCollection(files: CollectFiles, leases: Leases): Sweeper {
  const work = async () => {
    while ((await files.execute()) > 0);
  };
  return new Sweeper({ name: 'file.collection', everyMs: EVERY_MS, work, leases });
}
