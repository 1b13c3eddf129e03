import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordOf, signal, startDetached, stopRecorded, tail, writeWhole } from '../lib/processes.mjs';
import { at, PINNED_NODE, ROOT } from '../lib/root.mjs';
import { StepFailed } from '../lib/step.mjs';
import { canonical } from './plan.mjs';
import { nodeEnv } from './settings.mjs';

const READY_WITHIN_MS = 120_000;
/** A service cuts its own drain off after 15 s. */
const STOP_WITHIN_MS = 25_000;
const ASK_AGAIN_MS = 150;
const ASK_TIMEOUT_MS = 3_000;
const LEASH = at('scripts/lib/leash.mjs');
const builtEntry = (service) => at('apps', service, 'dist', 'main.js');

const stateFile = (dir) => join(dir, 'state.json');

/** What `state.json` keeps, so that the next command finds and repeats what the first one started. */
export function readState(dir) {
  try {
    return JSON.parse(readFileSync(stateFile(dir), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Processes of one machine, found by their pid files: several commands, or a test and a person, may hold the same one.
 * Names are as in the plan: `message-1`, `gateway-2`.
 */
export class Cluster {
  #attached;
  #entryOf;

  /**
   * @param {string} dir Where logs, pid files, data and the state lie
   * @param {{plan: object[], env: Record<string, string>}} state
   * @param {{attached?: boolean, entryOf?: (service: string) => string}=} options `attached`: the processes end when we do,
   *   however we end; `entryOf`: the program of a service, for tests of this class
   */
  constructor(dir, state, { attached = false, entryOf = builtEntry } = {}) {
    this.dir = dir;
    this.state = state;
    this.#attached = attached;
    this.#entryOf = entryOf;
  }

  /** @returns {import('./plan.mjs').ClusterNode[]} */
  get nodes() {
    return this.state.plan.map((node) => ({ ...node, pid: recordOf(this.#pidFile(node.name))?.pid }));
  }

  save() {
    writeWhole(stateFile(this.dir), `${JSON.stringify(this.state, null, 2)}\n`, { mode: 0o600 });
  }

  #pidFile(name) {
    return join(this.dir, 'pids', `${name}.json`);
  }

  logOf(name) {
    return join(this.dir, 'logs', `${this.#planned(name).name}.log`);
  }

  #planned(given) {
    const name = canonical(given);
    const node = this.state.plan.find((one) => one.name === name);
    if (node !== undefined) return node;
    const names = this.state.plan.map((one) => one.name).join(', ');
    throw new StepFailed(`There is no process "${given}" in this cluster: it is one of ${names}.`);
  }

  /** Starts one that is down and waits until it is ready. Does nothing with one that runs, but wait. */
  async start(given) {
    const node = this.#planned(given);
    let ended;
    if (recordOf(this.#pidFile(node.name)) === undefined) {
      mkdirSync(join(this.dir, 'data', node.name), { recursive: true });
      const started = await startDetached({
        command: PINNED_NODE,
        args: [...(this.#attached ? ['--import', LEASH] : []), this.#entryOf(node.service)],
        cwd: ROOT,
        env: { ...process.env, ...this.state.env, ...nodeEnv(node, this.dir) },
        log: this.logOf(node.name),
        pidFile: this.#pidFile(node.name),
        ipc: this.#attached,
      });
      ended = started.ended;
    }
    await this.#ready(node, ended);
  }

  async #ready(node, ended) {
    const deadline = Date.now() + READY_WITHIN_MS;
    const log = this.logOf(node.name);
    for (;;) {
      const { ready, why } = await askReady(node);
      // Asked after the answer: whoever answered may have been another one on the same port.
      if (recordOf(this.#pidFile(node.name)) === undefined) {
        const how = ended === undefined ? 'it is gone' : await ended;
        throw new StepFailed(`${node.name} ended at its start (${how}), see ${log}.`, tail(log));
      }
      if (ready) return;
      if (Date.now() > deadline)
        throw new StepFailed(
          `${node.name} is not ready after ${READY_WITHIN_MS / 1000} s (${why}), see ${log}.`,
          tail(log),
        );
      await sleep(ASK_AGAIN_MS);
    }
  }

  /** SIGKILL: nothing is drained, nothing deregistered. Resolves when it is gone. */
  kill(name) {
    return stopRecorded(this.#pidFile(this.#planned(name).name), { withinMs: 5_000, how: 'SIGKILL' });
  }

  /** SIGTERM: clients are let go, what was begun is finished. */
  stop(name) {
    return stopRecorded(this.#pidFile(this.#planned(name).name), { withinMs: STOP_WITHIN_MS });
  }

  /** The same name, ports and settings. */
  async restart(name) {
    await this.stop(name);
    await this.start(name);
  }

  /** One after the other, each ready before the next: what an upgrade does. `told` hears each name before its turn. */
  async rollingRestart(told = () => {}) {
    for (const { name } of this.state.plan) {
      told(name);
      await this.restart(name);
    }
  }

  /** Any signal to one process, e.g. SIGSTOP. False when it does not run. */
  signal(name, which) {
    const record = recordOf(this.#pidFile(this.#planned(name).name));
    return record !== undefined && signal(record, which);
  }

  /** Every process with what it says of itself: up (ready), busy (runs, not ready) or down. */
  status() {
    return Promise.all(
      this.nodes.map(async (node) => {
        if (node.pid === undefined) return { ...node, state: 'down', why: '' };
        const { ready, why } = await askReady(node);
        return { ...node, state: ready ? 'ready' : 'not ready', why: ready ? '' : why };
      }),
    );
  }

  /** Starts all that are down, together; each is ready or the first failure is thrown, and the others stay up. */
  async startAll() {
    const settled = await Promise.allSettled(this.state.plan.map(({ name }) => this.start(name)));
    const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    const strange = errors.find((error) => !(error instanceof StepFailed));
    if (strange) throw strange;
    if (errors.length > 0)
      throw new StepFailed(
        errors.map((error) => error.message).join('\n'),
        errors.map((error) => error.output).join('\n\n'),
      );
  }

  /** Gateways first: they let clients go while the services behind them still answer. */
  async down() {
    const names = this.state.plan.map(({ name }) => name);
    const gateways = names.filter((name) => name.startsWith('gateway-'));
    await Promise.all(gateways.map((name) => this.stop(name)));
    await Promise.all(names.map((name) => this.stop(name)));
    rmSync(stateFile(this.dir), { force: true });
  }
}

/** Asks the admin port of one process. */
export async function askReady({ adminUrl }) {
  try {
    const response = await fetch(`${adminUrl}/readyz`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    return {
      ready: response.ok,
      why: response.ok ? '' : (await response.text()).replaceAll(/\s+/g, ' ').slice(0, 300),
    };
  } catch (error) {
    return { ready: false, why: error.cause?.code ?? error.message };
  }
}
