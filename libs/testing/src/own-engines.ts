import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engines } from './engines.js';
import { OwnEngine, type StackContext, type StackEngine } from './own-engine.js';
import { freePort, freePorts } from './ports.js';

export type OwnEngineName = 'mysql' | 'redis' | 'kafka' | 's3' | 'consul' | 'toxiproxy';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ALL: readonly OwnEngineName[] = ['mysql', 'redis', 'kafka', 's3', 'consul', 'toxiproxy'];

interface Stack {
  engines: StackEngine[];
  /** Programs of the stack that is set up here. */
  shared: StackContext['layout'];
  isProvisioned(engine: StackEngine, layout: StackContext['layout']): boolean;
  contextOf(env: Record<string, string>): StackContext;
}

/** The scripts know how each engine is started; plain modules, not part of the build. */
async function stack(): Promise<Stack> {
  const load = (name: string) => import(new URL(`../../../scripts/stack/${name}.mjs`, import.meta.url).href);
  const [{ ENGINES }, { layoutOf }, { isProvisioned }, { contextOf }] = await Promise.all(
    ['engines/index', 'layout', 'provision', 'survey'].map(load),
  );
  return {
    engines: ALL.map((name) => (ENGINES as StackEngine[]).find((engine) => engine.name === name) as StackEngine),
    shared: layoutOf(process.env),
    isProvisioned,
    contextOf,
  };
}

/** All engines once more, for one test that kills them: other ports, other data. */
export class OwnEngines {
  private constructor(
    private readonly directory: string,
    private readonly engines: ReadonlyMap<OwnEngineName, OwnEngine>,
  ) {}

  /** Those whose programs are not on this machine. */
  static async missing(): Promise<string[]> {
    const { engines, shared, isProvisioned } = await stack();
    const missing = engines.filter((engine) => !isProvisioned(engine, shared)).map(({ title }) => title);
    if (missing.length > 0 && process.env['PARLEY_REQUIRE_ENGINES'] === 'on')
      throw new Error(`${missing.join(', ')} cannot be started and PARLEY_REQUIRE_ENGINES is on: npm run stack -- up`);
    return missing;
  }

  static async start(name: string): Promise<OwnEngines> {
    const { engines, shared, contextOf } = await stack();
    const directory = join(ROOT, '.tmp/engines', `${name}-${randomBytes(3).toString('hex')}`);
    mkdirSync(join(directory, 'logs'), { recursive: true });
    const own = contextOf({ PARLEY_STACK_DIR: directory, ...(await ownPorts()) });
    const context = { ...own, layout: { ...own.layout, bin: shared.bin } };
    const started = new OwnEngines(
      directory,
      new Map(engines.map((engine) => [engine.name as OwnEngineName, new OwnEngine(engine, context)])),
    );
    const settled = await Promise.allSettled([...started.engines.values()].map((engine) => engine.start()));
    const failed = settled.find((one) => one.status === 'rejected');
    if (failed === undefined) return started;
    await started.remove();
    throw failed.reason;
  }

  get places(): Engines {
    return Object.assign({}, ...[...this.engines.values()].map(({ place }) => place)) as Engines;
  }

  of(name: OwnEngineName): OwnEngine {
    return this.engines.get(name) as OwnEngine;
  }

  /**
   * Brokers name themselves to their clients, so a proxy in front of one is of no use unless it names the proxy. Restarts it.
   */
  async kafkaBehind(port: number): Promise<void> {
    const file = join(this.directory, 'data/kafka/server.properties');
    this.of('kafka').adapt = () => {
      const text = readFileSync(file, 'utf8');
      writeFileSync(
        file,
        text.replace(/^advertised\.listeners=.*$/m, `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`),
      );
    };
    await this.of('kafka').kill();
    await this.of('kafka').start();
  }

  /** Ends them and deletes their data. */
  async remove(): Promise<void> {
    await Promise.all([...this.engines.values()].map((engine) => engine.kill()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** As settings of a stack. Each engine takes some ports in a row. */
async function ownPorts(): Promise<Record<string, string>> {
  // Not started, but its hundred ports must not lie where the others are.
  const ports: Record<string, string> = { turn: '31000' };
  for (const name of ['mysql', 'redis', 'toxiproxy', 'edge']) ports[name] = String(await freePort());
  for (const name of ['kafka', 's3', 'consul']) ports[name] = String(await freePorts(3));
  return Object.fromEntries(
    Object.entries(ports).map(([name, port]) => [`PARLEY_STACK_${name.toUpperCase()}_PORT`, port]),
  );
}
