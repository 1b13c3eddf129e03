import { eventLogContract, eventLogGroupContract } from '@parley/contracts/testing';
import { engine } from '@parley/testing';
import { describe } from 'vitest';
import { kafkaHarness } from './testing/kafka-harness.js';

describe.skipIf(engine('kafka') === undefined)('on Kafka', () => {
  const harness = () => kafkaHarness(engine('kafka')?.brokers ?? []);

  eventLogContract('Kafka', harness);
  eventLogGroupContract('Kafka', harness);
});
