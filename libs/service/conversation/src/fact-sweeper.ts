import type { Leases } from '@parley/adapter-sql';
import type { FactRelay } from '@parley/core-conversation';
import { Sweeper } from '@parley/platform';
import { Logger } from '@nestjs/common';

const EVERY_MS = 1000;

/** Repeats what a crash or an unavailable message service kept out of the log. */
export function factSweeper(relay: FactRelay, leases: Leases): Sweeper {
  const logger = new Logger('FactSweeper');
  const work = async () => {
    for (const error of await relay.sweep()) logger.warn(`Facts wait for the message service: ${String(error)}`);
  };
  return new Sweeper({ name: 'conversation.facts', everyMs: EVERY_MS, work, leases });
}
