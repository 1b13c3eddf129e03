import {
  conversationLogContract,
  type LogUnderTest,
  mentionsContract,
  messageChangesContract,
  messageMarksContract,
  pinsContract,
  syncContract,
} from '@parley/core-message/testing';
import { engine } from '@parley/testing';
import { afterAll, describe } from 'vitest';
import { MysqlStores } from './support/mysql-logs.js';

describe.skipIf(engine('mysql') === undefined)('the log on MySQL', () => {
  const stores = engine('mysql') === undefined ? undefined : new MysqlStores();
  afterAll(() => stores?.drop());

  /** @param processes calls go to them in turn. */
  const openWith = (processes: number) => async (): Promise<LogUnderTest> => {
    const store = await (stores as MysqlStores).take();
    const writers = await Promise.all(Array.from({ length: processes }, () => store.writer()));
    let turn = 0;
    const next = () => writers[turn++ % processes] as (typeof writers)[number];
    return {
      log: { commit: (changes) => next().log.commit(changes) },
      reader: (writers.at(-1) as (typeof writers)[number]).reader,
      advance: (ms) => store.advance(ms),
      now: () => store.now,
      close: () => (stores as MysqlStores).giveBack(store),
    };
  };

  conversationLogContract('MySQL', openWith(1));
  messageChangesContract('MySQL', openWith(1));
  messageMarksContract('MySQL', openWith(1));
  pinsContract('MySQL', openWith(1));
  mentionsContract('MySQL', openWith(1));
  syncContract('MySQL', openWith(1));
  conversationLogContract('MySQL, two processes', openWith(2));
  messageChangesContract('MySQL, two processes', openWith(2));
  messageMarksContract('MySQL, two processes', openWith(2));
  pinsContract('MySQL, two processes', openWith(2));
  mentionsContract('MySQL, two processes', openWith(2));
  syncContract('MySQL, two processes', openWith(2));
});
