import type { Leases } from '@parley/adapter-sql';
import type { IndexMessages, LogChange } from '@parley/core-message';
import { eventually } from '@parley/testing';
import { expect, it } from 'vitest';
import { SearchIndexer } from './search-indexer.js';

const STEP_MS = 10;

function spin(): void {
  for (const end = performance.now() + STEP_MS; performance.now() < end; );
}

/** An index whose every step takes the processor for a while. */
class Laborious {
  busyMs = 0;
  steps = 0;
  began = 0;
  readonly conversations: IndexMessages['conversations'] = async (_, rest) => {
    this.began ||= performance.now();
    for (let i = 0; i < 5; i += 1) {
      const begun = performance.now();
      spin();
      this.busyMs += performance.now() - begun;
      this.steps += 1;
      await rest();
    }
  };
  readonly all: IndexMessages['all'] = async (rest) => {
    await this.conversations([], rest);
    await this.conversations([], rest);
  };
}

const leases = { alone: (_: string, work: () => Promise<void>) => work() } as unknown as Leases;
const change = { kind: 'send', conversationId: 'c1' } as unknown as LogChange;

it('takes no more than a quarter of the time while there are sends, the check of the whole index with it', async () => {
  const work = new Laborious();
  const indexer = new SearchIndexer(work as unknown as IndexMessages, leases);
  const sends = setInterval(() => indexer.ring([change]), 1);
  indexer.ring([change]);
  indexer.start();
  await eventually('some runs', () => work.steps >= 25, { deadlineMs: 20_000 });
  const share = work.busyMs / (performance.now() - work.began);
  clearInterval(sends);
  await indexer.stop();
  expect(share).toBeLessThan(0.28);
}, 30_000);
