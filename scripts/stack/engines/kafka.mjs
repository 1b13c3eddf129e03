import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { exec } from '../../lib/exec.mjs';
import { StepFailed } from '../../lib/step.mjs';
import { askKafka } from '../ask/kafka.mjs';
import { fetchJars, MAVEN } from '../get/maven.mjs';

const VERSION = '4.1.1';
const ARTIFACTS = [
  `org.apache.kafka:kafka_2.13:${VERSION}`,
  `org.apache.kafka:kafka-tools:${VERSION}`,
  'org.slf4j:slf4j-simple:1.7.36',
];
/** Any newer one will do; 17 is the oldest that the broker runs on. */
const JAVA = { command: 'java', package: 'openjdk-17-jre-headless' };

const classes = (layout) => join(layout.bin('kafka'), '*');

/**
 * One node that is broker and controller. What has to be agreed on by several is set to one. The session is short, because after a
 * kill the new process waits until that of the old one is over.
 */
const properties = (layout, port) => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${port + 1}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${port + 1}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
log.dirs=${join(layout.data('kafka'), 'log')}
auto.create.topics.enable=false
num.partitions=4
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
log.segment.bytes=67108864
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
`;

/** Base64 of 16 bytes, as Kafka writes its ids; one that begins with a hyphen would be read as an option. */
function clusterId() {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? clusterId() : id;
}

async function format(layout) {
  const log = join(layout.data('kafka'), 'log');
  if (existsSync(join(log, 'meta.properties'))) return;
  rmSync(log, { recursive: true, force: true });
  const config = join(layout.data('kafka'), 'server.properties');
  const { code, output } = await exec('java', [
    '-cp',
    classes(layout),
    'kafka.tools.StorageTool',
    'format',
    '-t',
    clusterId(),
    '-c',
    config,
  ]);
  if (code !== 0) throw new StepFailed('Kafka could not make its data folder.', output);
}

function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeFileSync(path, text);
}

/** Kafka without ZooKeeper. Takes two ports: clients, and the controller's. */
export const kafka = {
  name: 'kafka',
  title: 'Kafka',
  system: [JAVA],
  cached: { path: 'kafka', stamp: VERSION },
  tools: [MAVEN],
  version: VERSION,
  stopWithinMs: 20_000,
  readyWithinMs: 90_000,
  get: (context) => fetchJars(context, 'kafka', ARTIFACTS),
  async prepare({ layout, ports }) {
    writeIfChanged(join(layout.data('kafka'), 'server.properties'), properties(layout, ports.kafka));
    await format(layout);
  },
  command: ({ layout }) => ({
    command: 'java',
    args: [
      '-Xms128m',
      '-Xmx400m',
      '-XX:+UseSerialGC',
      '-XX:+ExitOnOutOfMemoryError',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-cp',
      classes(layout),
      'kafka.Kafka',
      join(layout.data('kafka'), 'server.properties'),
    ],
  }),
  describe: ({ ports }) => ({ kafka: { brokers: [`127.0.0.1:${ports.kafka}`] } }),
  ask: ({ kafka: place }) => askKafka(place),
  address: ({ kafka: place }) => place.brokers.join(','),
};
