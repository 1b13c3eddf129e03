import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const STACK = process.env['PARLEY_STACK_DIR'] ?? join(ROOT, '.stack');
const JARS = join(STACK, 'bin/kafka');
const START_MS = 60_000;
// A test's broker is small and short-lived: quick to start counts, not throughput.
const JAVA = ['-Xmx320m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', `${JARS}/*`];

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A Kafka broker of one test's own, to be killed and stopped at will. Everything else uses the shared one (`engine('kafka')`). */
export class RealKafka {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    readonly port: number,
  ) {}

  /** Are Kafka's programs here? `npm run stack -- up` gets them. */
  static isHere(): boolean {
    const here = existsSync(JARS) && readdirSync(JARS).some((name) => name.endsWith('.jar'));
    if (!here && process.env['PARLEY_REQUIRE_ENGINES'] === 'on')
      throw new Error('Kafka’s programs are not here and PARLEY_REQUIRE_ENGINES is on: npm run stack -- up');
    return here;
  }

  static async start(): Promise<RealKafka> {
    const directory = join(ROOT, '.tmp/kafka', randomBytes(4).toString('hex'));
    const [port, controller] = [await freePort(), await freePort()];
    mkdirSync(directory, { recursive: true });
    const kafka = new RealKafka(directory, port);
    writeFileSync(kafka.properties, propertiesOf(directory, port, controller));
    const format = ['kafka.tools.StorageTool', 'format', '-t', 'AAAAAAAAAAAAAAAAAAAAAQ', '-c', kafka.properties];
    execFileSync('java', [...JAVA, ...format], { stdio: 'ignore' });
    await kafka.start();
    return kafka;
  }

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`];
  }

  get pid(): number {
    return this.child?.pid as number;
  }

  /** After `kill`, with the data that it left. */
  async start(): Promise<void> {
    const log = openSync(this.logPath, 'w');
    const child = spawn('java', [...JAVA, 'kafka.Kafka', this.properties], { stdio: ['ignore', log, log] });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    this.child = child;
    await eventually('Kafka has started', () => this.log().includes('Kafka Server started'), {
      deadlineMs: START_MS,
      everyMs: 50,
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.log().slice(-2000)}`);
    });
  }

  /** As a loss of the process: kill -9. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** Takes connections and answers nothing until `resume`. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it and removes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get properties(): string {
    return join(this.directory, 'server.properties');
  }

  private get logPath(): string {
    return join(this.directory, 'kafka.log');
  }

  private log(): string {
    return readFileSync(this.logPath, 'utf8');
  }
}

function propertiesOf(directory: string, port: number, controller: number): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    `log.dirs=${directory}/data`,
    'offsets.topic.num.partitions=4',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'auto.create.topics.enable=false',
    'group.initial.rebalance.delay.ms=0',
    '',
  ].join('\n');
}
