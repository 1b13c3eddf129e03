import { StepFailed } from '../lib/step.mjs';
import { Board } from './board.mjs';
import * as compose from './compose.mjs';
import { ENGINES, enginesOf } from './engines/index.mjs';
import * as native from './native.mjs';
import { contextOf, surveyAll, versionOf } from './survey.mjs';
import { table } from './table.mjs';

const USAGE = `npm run stack -- <command> [engine …]

  up       starts the engines that are not up, gets or builds them first where it has to
  down     stops them; data stay
  status   what is up, where, in which version
  reset    stops them and deletes their data

Engines: ${ENGINES.map(({ name }) => name).join(', ')}; all when none is named.`;

const COMMANDS = ['up', 'down', 'status', 'reset'];

export function parseStack(args) {
  const [command, ...names] = args;
  if (command === undefined || command === 'help' || args.includes('--help')) return { command: 'help', engines: [] };
  if (!COMMANDS.includes(command))
    throw new StepFailed(`There is no command "${command}": it is one of ${COMMANDS.join(', ')}.`);
  const option = names.find((name) => name.startsWith('-'));
  if (option !== undefined) throw new StepFailed(`There is no option "${option}": name engines, or nothing for all.`);
  return { command, engines: enginesOf(names, { withNeeds: command === 'up' }), all: names.length === 0 };
}

const WORDS = { up: 'up', silent: 'not answering', foreign: 'up, not ours', taken: 'down, port in use', down: 'down' };

async function rowOf({ engine, state, record, places, why }) {
  const address = state === 'down' || state === 'taken' ? '' : engine.address(places);
  const note = state === 'silent' || state === 'taken' ? why : '';
  return [engine.title, engine.name, WORDS[state], address, await versionOf(engine), record?.pid ?? '', note];
}

async function statusTable(engines, context) {
  const rows = await Promise.all((await surveyAll(context, engines)).map(rowOf));
  return table(['engine', 'name', 'state', 'address', 'version', 'pid', ''], rows);
}

const HOW = { stopped: 'stopped', killed: 'killed, it did not stop in time' };

function told(ended) {
  for (const [engine, how] of ended) if (how) process.stderr.write(`✔ ${engine.title} ${HOW[how]}\n`);
  if (ended.every(([, how]) => how === undefined)) process.stderr.write('Nothing of ours was up.\n');
}

async function runNative(command, engines, context) {
  if (command === 'down') return told(await native.down(engines, context));
  if (command === 'reset') return told(await native.reset(engines, context));
  if (command === 'up') await native.up(engines, context, new Board());
  process.stdout.write(`${await statusTable(engines, context)}\n`);
  if (command === 'up') process.stdout.write(`\nWhere they answer, for programs: ${context.layout.engines}\n`);
}

/** The command line behind `npm run stack`. */
export async function runStack(args, env) {
  const { command, engines, all } = parseStack(args);
  if (command === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const context = contextOf(env);
  if (await compose.isChosen(env, context)) await compose.run(command, all ? undefined : engines, context);
  else await runNative(command, engines, context);
}
