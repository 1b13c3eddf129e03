import { eventually } from '@parley/testing';
import { HEALED_MS } from './process-scenarios.js';
import type { Scenario } from './scenario.js';
import type { Scene } from './stage.js';

const APPENDED = 'parley.message.appended.v1';
const DEAD = `${APPENDED}.delivery.fan-out.dlq`;
const REPEATED_PER_PARTITION = 50;
const GOES_ON_WITHIN_MS = 30_000;

const duplicates: Scenario = {
  name: 'records twice',
  begin: async ({ stage }) => {
    const topic = stage.cluster.topic(APPENDED);
    for (const [partition, records] of await topic.last(REPEATED_PER_PARTITION)) await topic.write(partition, records);
    await topic.close();
  },
  healsWithinMs: HEALED_MS,
};

/** Two that nobody can read, and two that look like a record of nothing: empty, and none. */
const UNREADABLE = [Buffer.alloc(2000, 0xff), Buffer.from([0x0a, 0x64, 0x61, 0x62])];
const POISON = [...UNREADABLE, Buffer.alloc(0), null];
let deadWanted = 0;

/** In every partition, between records that matter. */
const poison: Scenario = {
  name: 'poison records',
  begin: async ({ stage }) => {
    const topic = stage.cluster.topic(APPENDED);
    const partitions = await topic.partitions();
    deadWanted = (await lengthOf(stage, DEAD)) + UNREADABLE.length * partitions;
    for (let partition = 0; partition < partitions; partition++)
      await topic.write(
        partition,
        POISON.map((value) => ({ key: 'poison', value })),
      );
    await topic.close();
  },
  healsWithinMs: GOES_ON_WITHIN_MS,
  after: async ({ stage }) => {
    try {
      await eventually('dead letters hold the poison', async () => (await lengthOf(stage, DEAD)) >= deadWanted, {
        deadlineMs: GOES_ON_WITHIN_MS,
        everyMs: 200,
      });
      return [];
    } catch (error) {
      return [`${(error as Error).message}: ${await lengthOf(stage, DEAD)} of ${deadWanted}`];
    }
  },
};

async function lengthOf(stage: Scene['stage'], name: string): Promise<number> {
  const topic = stage.cluster.topic(name);
  return topic.length();
}

export const recordScenarios: Scenario[] = [duplicates, poison];
