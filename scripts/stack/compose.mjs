import { spawnSync } from 'node:child_process';
import { exec } from '../lib/exec.mjs';
import { recordOf, writeWhole } from '../lib/processes.mjs';
import { at } from '../lib/root.mjs';
import { StepFailed } from '../lib/step.mjs';
import { ENGINES } from './engines/index.mjs';
import { portSetting } from './layout.mjs';

// The engines as containers, where a Docker engine answers.

const FILE = 'docker-compose.dev.yml';
const MODES = ['auto', 'docker', 'native'];
/** Names of the services in the compose file that are called differently there. */
const SERVICES = { s3: 'minio', turn: 'coturn', edge: 'object-edge' };
const serviceOf = ({ name }) => SERVICES[name] ?? name;

const succeeds = (args) => spawnSync('docker', args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
/** The client alone is not enough: there has to be an engine behind it, and the compose plugin. */
const dockerAnswers = () => succeeds(['info']) && succeeds(['compose', 'version']);

/** Whether containers are used: by PARLEY_STACK_MODE, or wherever Docker answers and nothing runs natively yet. */
export async function isChosen(env, { layout }, answers = dockerAnswers) {
  const mode = env.PARLEY_STACK_MODE || 'auto';
  if (!MODES.includes(mode)) throw new StepFailed(`PARLEY_STACK_MODE: must be ${MODES.join(', ')}, not "${mode}".`);
  if (mode === 'native') return false;
  if (mode === 'docker') {
    if (answers()) return true;
    throw new StepFailed('PARLEY_STACK_MODE is docker, but no Docker engine with compose answers here.');
  }
  return !ENGINES.some(({ name }) => recordOf(layout.pid(name))) && answers();
}

/** What the compose file asks for: ports on this machine, and the secrets of this stack. */
export function composeEnv({ ports, secrets }) {
  return {
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [portSetting(name), String(port)])),
    PARLEY_STACK_TURN_FIRST_PORT: String(ports.turn + 1),
    PARLEY_STACK_TURN_LAST_PORT: String(ports.turn + 100),
    PARLEY_STACK_MYSQL_PASSWORD: secrets.mysql,
    PARLEY_STACK_S3_SECRET_KEY: secrets.s3,
    PARLEY_STACK_TURN_SECRET: secrets.turn,
    PARLEY_SERVICE_TOKEN: secrets.service,
  };
}

/** For `docker compose --env-file` by hand as well. */
export function writeEnvFile(context) {
  const path = `${context.layout.dir}/compose.env`;
  const lines = Object.entries(composeEnv(context)).map(([name, value]) => `${name}=${value}\n`);
  writeWhole(path, lines.join(''), { mode: 0o600 });
  return path;
}

/** toxiproxy has a profile of its own, only the fault tests need it; the services are stopped with the engines, but not started. */
const base = (command, context) => {
  const profiles = command === 'down' || command === 'reset' ? ['faults', 'app'] : ['faults'];
  const named = profiles.flatMap((profile) => ['--profile', profile]);
  return ['compose', '--env-file', writeEnvFile(context), '-f', at(FILE), ...named];
};

async function docker(args) {
  const { code } = await exec('docker', args, { live: true });
  if (code !== 0) throw new StepFailed(`\`docker ${args.join(' ')}\` failed (see above).`);
}

/** What answers, wherever `up` was asked for all or for some. */
async function writeAnswering(context) {
  const all = {};
  for (const engine of ENGINES) {
    const told = { ...all };
    for (const [key, place] of Object.entries(engine.describe(context))) told[key] = { ...told[key], ...place };
    const answers = await engine.ask(told).then(
      () => true,
      () => false,
    );
    if (answers) Object.assign(all, told);
  }
  writeWhole(context.layout.engines, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
}

/** What each command is for compose. It removes volumes of all services or of none. */
export function composeArguments(command, engines) {
  const services = engines?.map(serviceOf) ?? [];
  if (command === 'up') return ['up', '--detach', '--wait', ...services];
  if (command === 'status') return ['ps', '--all', ...services];
  if (command === 'down') return engines === undefined ? ['down'] : ['stop', ...services];
  if (engines === undefined) return ['down', '--volumes'];
  throw new StepFailed('With Docker, `reset` deletes the data of all engines or of none: name no engine.');
}

/** The same four commands as natively. `engines` undefined: all. */
export async function run(command, engines, context) {
  const compose = base(command, context);
  await docker([...compose, ...composeArguments(command, engines)]);
  if (command !== 'status') await writeAnswering(context);
  if (command === 'up') await docker([...compose, ...composeArguments('status', engines)]);
}
