import { join } from 'node:path';
import { at, ROOT } from '../lib/root.mjs';
import { StepFailed } from '../lib/step.mjs';
import { existsSync } from 'node:fs';
import { layoutOf } from '../stack/layout.mjs';
import { secretsOf } from '../stack/secrets.mjs';
import { enginesIn } from '../stack/survey.mjs';
import { Cluster, readState } from './cluster.mjs';
import { completeReplicas, DEFAULT_BASE_PORT, DEFAULT_HTTP_PORT, planOf } from './plan.mjs';
import { engineEnv } from './settings.mjs';

export { Cluster } from './cluster.mjs';

/** Where a cluster lies when nothing else is said. */
export const defaultDir = (env) => join(layoutOf(env).dir, 'cluster');

/** Addresses of the engines: of PARLEY_ENGINES_FILE, or of the stack. */
const enginesOf = (env) => enginesIn(env.PARLEY_ENGINES_FILE || layoutOf(env).engines);

function plannedFrom({ replicas, env, engines, basePort, httpPort }) {
  const plan = planOf(completeReplicas(replicas), { basePort, httpPort });
  const { service } = secretsOf(layoutOf(process.env).secrets);
  return { plan, env: { PARLEY_SERVICE_TOKEN: service, ...engineEnv(engines), ...env } };
}

/**
 * Starts the distributed profile as separate processes of this machine, from the built sources, and waits until all are ready.
 * What already runs in `dir` is kept; replicas that are no longer wanted are stopped.
 * @param {object} [options]
 * @param {Record<string, number>} [options.replicas] Of services where it is not one: `{ gateway: 2, message: 2 }`
 * @param {Record<string, string>} [options.env] Settings of every process, over those that name the engines: a test sets its own
 *   PARLEY_MYSQL_DATABASE_PREFIX, PARLEY_KAFKA_TOPIC_PREFIX, PARLEY_REDIS_PREFIX, PARLEY_CONSUL_PREFIX and PARLEY_S3_BUCKET here
 * @param {string} [options.dir] For logs, pid files, data and the state
 * @param {object} [options.engines] In place of engines.json
 * @param {number} [options.basePort] First of the inner ports (gRPC, admin)
 * @param {number} [options.httpPort] Public port of the first gateway; each further one is 100 higher
 * @param {boolean} [options.attached] The processes end when this one does, also by a kill: for tests
 * @returns {Promise<Cluster>}
 */
export async function startCluster({
  replicas = {},
  env = {},
  dir = defaultDir(process.env),
  engines = enginesOf(process.env),
  basePort = DEFAULT_BASE_PORT,
  httpPort = DEFAULT_HTTP_PORT,
  attached = false,
} = {}) {
  const next = plannedFrom({ replicas, env, engines, basePort, httpPort });
  const unbuilt = next.plan.find(({ service }) => !existsSync(at('apps', service, 'dist', 'main.js')));
  if (unbuilt !== undefined) throw new StepFailed(`${unbuilt.service} is not built: run \`npm run build\` in ${ROOT}.`);
  const before = readState(dir);
  if (before !== undefined) await stopUnwanted(new Cluster(dir, before), next.plan);
  const cluster = new Cluster(dir, next, { attached });
  cluster.save();
  await cluster.startAll();
  return cluster;
}

async function stopUnwanted(cluster, plan) {
  const wanted = new Set(plan.map(({ name }) => name));
  await Promise.all(cluster.nodes.filter(({ name }) => !wanted.has(name)).map(({ name }) => cluster.stop(name)));
}

/** The cluster that lies in `dir`, or undefined. */
export function openCluster(dir = defaultDir(process.env)) {
  const state = readState(dir);
  return state && new Cluster(dir, state);
}
