import type { EventLog } from '@parley/contracts';
import { existsSync } from 'node:fs';
import type { Context } from '../command.js';
import { Failure } from '../failure.js';

const PATIENCE_MS = 5000;
const NOTHING = { debug: () => {}, log: () => {}, warn: () => {}, error: () => {} };

/** The log that the settings name: Kafka's, or the file of a server that does not run now. Drivers are loaded only here. */
export async function openLog(setting: Context['setting']): Promise<EventLog> {
  const brokers = setting('PARLEY_KAFKA_BROKERS');
  return brokers === undefined ? openFile(setting('PARLEY_DATA_DIR') ?? './.data') : openKafka(brokers, setting);
}

async function openKafka(brokers: string, setting: Context['setting']): Promise<EventLog> {
  const { KafkaLog } = await import('@parley/adapter-kafka');
  try {
    return await KafkaLog.open({
      brokers: brokers.split(','),
      clientId: 'parley-admin',
      prefix: setting('PARLEY_KAFKA_TOPIC_PREFIX') ?? '',
      replication: Number(setting('PARLEY_KAFKA_REPLICATION') ?? 1),
      logger: NOTHING,
      patienceMs: PATIENCE_MS,
    });
  } catch (error) {
    throw new Failure(`No answer from Kafka at ${brokers} (${(error as Error).message}).`);
  }
}

async function openFile(directory: string): Promise<EventLog> {
  if (!existsSync(`${directory}/event-log.db`))
    throw new Failure(
      `There is no event log in ${directory}. PARLEY_DATA_DIR names another folder; PARLEY_KAFKA_BROKERS names Kafka, where the services run on it.`,
    );
  const { EmbeddedLog } = await import('@parley/adapter-embedded-log');
  try {
    return await EmbeddedLog.open({ directory });
  } catch (error) {
    const { message } = error as Error;
    if (!/locked|busy/i.test(message)) throw new Failure(`The event log in ${directory} cannot be read: ${message}`);
    throw new Failure(`The server that runs on ${directory} holds its event log. Stop it, then try again.`);
  }
}
