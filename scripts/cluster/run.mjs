import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { prepare } from '../lib/prepare.mjs';
import { StepFailed } from '../lib/step.mjs';
import { Board } from '../stack/board.mjs';
import { table } from '../stack/table.mjs';
import { defaultDir, openCluster, startCluster } from './index.mjs';
import { DEFAULT_BASE_PORT, DEFAULT_HTTP_PORT, parseReplicas } from './plan.mjs';
import { passedOn } from './settings.mjs';

const USAGE = `npm run cluster -- <command>

  up [--replicas gateway=2,message=2]   builds, starts what is down, stops what is too many; one of each by default
  status                                every process with its addresses and whether it is ready
  kill NAME                             SIGKILL
  stop NAME                             SIGTERM: drains, then ends
  start NAME                            one that was killed or stopped
  restart NAME | all                    stop and start; all: one after the other, each ready before the next
  logs NAME [--follow]                  the end of its log
  down                                  stops all

Names: message-1, gateway-2 … Settings (PARLEY_…) of this command are settings of every process.`;

/** Commands that are about one process. */
const OF_ONE = ['kill', 'stop', 'start', 'restart', 'logs'];
const COMMANDS = ['up', 'status', ...OF_ONE, 'down'];

export function parseCluster(args) {
  const [command, ...rest] = args;
  if (command === undefined || command === 'help' || args.includes('--help')) return { command: 'help' };
  if (!COMMANDS.includes(command))
    throw new StepFailed(`There is no command "${command}": it is one of ${COMMANDS.join(', ')}.`);
  if (command === 'up') return { command, replicas: replicasIn(rest) };
  const follow = command === 'logs' && (rest.includes('--follow') || rest.includes('-f'));
  const names = rest.filter((word) => !(follow && (word === '--follow' || word === '-f')));
  const wanted = OF_ONE.includes(command) ? 1 : 0;
  if (names.length !== wanted)
    throw new StepFailed(
      wanted === 1 ? `Say which one: npm run cluster -- ${command} message-1` : `"${command}" takes no name.`,
    );
  return { command, name: names[0], follow };
}

function replicasIn(args) {
  if (args.length === 0) return {};
  const text = args[0] === '--replicas' ? args[1] : args[0].startsWith('--replicas=') ? args[0].slice(11) : undefined;
  if (text === undefined || args.length > (args[0] === '--replicas' ? 2 : 1))
    throw new StepFailed('Write: npm run cluster -- up --replicas gateway=2,message=2,delivery=2');
  return parseReplicas(text);
}

async function statusTable(cluster) {
  const rows = (await cluster.status()).map(({ name, state, httpUrl, grpc, adminUrl, pid, why }) => [
    name,
    state,
    httpUrl ?? '',
    grpc,
    adminUrl,
    pid ?? '',
    why.slice(0, 80),
  ]);
  return table(['process', 'state', 'public', 'gRPC', 'admin', 'pid', ''], rows);
}

function opened(env) {
  const cluster = openCluster(defaultDir(env));
  if (cluster === undefined) throw new StepFailed('There is no cluster: npm run cluster -- up');
  return cluster;
}

async function up(replicas, env) {
  await prepare('apps/api-gateway/dist/main.js', { web: true });
  const cluster = await new Board().run('start the cluster', async () =>
    startCluster({
      replicas,
      env: passedOn(env),
      dir: defaultDir(env),
      basePort: Number(env.PARLEY_CLUSTER_BASE_PORT || DEFAULT_BASE_PORT),
      httpPort: Number(env.PARLEY_CLUSTER_HTTP_PORT || DEFAULT_HTTP_PORT),
    }),
  );
  process.stdout.write(`${await statusTable(cluster)}\n\nLogs: ${cluster.dir}/logs\n`);
}

async function logs(cluster, name, follow) {
  const child = spawn('tail', ['-n', '200', ...(follow ? ['-F'] : []), cluster.logOf(name)], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return code ?? 0;
}

async function restart(cluster, name) {
  const board = new Board();
  const one = (which) => board.run(`restart ${which}`, () => cluster.restart(which));
  if (name !== 'all') return one(name);
  for (const { name: each } of cluster.nodes) await one(each);
}

async function act(command, cluster, { name, follow }) {
  const board = new Board();
  if (command === 'status') process.stdout.write(`${await statusTable(cluster)}\n`);
  if (command === 'kill') await board.run(`kill ${name}`, () => cluster.kill(name));
  if (command === 'stop') await board.run(`stop ${name}`, () => cluster.stop(name));
  if (command === 'start') await board.run(`start ${name}`, () => cluster.start(name));
  if (command === 'restart') await restart(cluster, name);
  if (command === 'down') await board.run('stop the cluster', () => cluster.down());
  if (command === 'logs') return logs(cluster, name, follow);
  return 0;
}

/** The command line behind `npm run cluster`. */
export async function runCluster(args, env) {
  const { command, replicas, ...what } = parseCluster(args);
  if (command === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (command === 'up') return up(replicas, env);
  return act(command, opened(env), what);
}
