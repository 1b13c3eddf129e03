import type { LogChange } from '@parley/core-message';
import type { Committed, WireOutcome } from '../commit-runner.js';

/** More than this in one batch is no accident of one sender: the batch fails. */
const MAX_POISON = 10;
const REFUSED: WireOutcome = { refused: { code: 'server.internal', kind: 'internal', details: {} } };

/**
 * Whether an error lies in what was to be written (text that does not fit its column, JSON that is none), so that the same batch
 * fails for ever. Classes 22 and 23 of SQL are about data; a duplicate key is a race and no poison.
 */
export function isPoison(error: unknown): boolean {
  const { code, errno, sqlState, fatal } = error as {
    code?: string;
    errno?: number;
    sqlState?: string;
    fatal?: boolean;
  };
  if (fatal === true || errno === 1062) return false;
  if (sqlState !== undefined) return sqlState.startsWith('22') || sqlState.startsWith('23');
  return code === undefined && errno === undefined;
}

/**
 * Writes a batch without the changes that cannot be written; those are refused, their neighbours are not hindered.
 * @param probe tries changes without keeping them.
 */
export async function withoutPoison(
  changes: readonly LogChange[],
  write: (changes: readonly LogChange[]) => Promise<Committed>,
  probe: (changes: readonly LogChange[]) => Promise<unknown>,
): Promise<Committed> {
  const poison = new Set<LogChange>();
  for (;;) {
    const rest = poison.size === 0 ? changes : changes.filter((change) => !poison.has(change));
    try {
      const committed = await write(rest);
      if (poison.size === 0) return committed;
      const outcomes = [...committed.outcomes];
      return {
        ...committed,
        outcomes: changes.map((change) => (poison.has(change) ? REFUSED : (outcomes.shift() as WireOutcome))),
      };
    } catch (error) {
      if (!isPoison(error) || poison.size === MAX_POISON || rest.length === 0) throw error;
      poison.add(await firstBad(rest, probe));
    }
  }
}

/** The last change of the shortest beginning that cannot be written: what comes before it in the batch may be what it rests on. */
async function firstBad(
  changes: readonly LogChange[],
  probe: (changes: readonly LogChange[]) => Promise<unknown>,
): Promise<LogChange> {
  let good = 0;
  let bad = changes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      await probe(changes.slice(0, middle));
      good = middle;
    } catch (error) {
      if (!isPoison(error)) throw error;
      bad = middle;
    }
  }
  return changes[bad - 1] as LogChange;
}
