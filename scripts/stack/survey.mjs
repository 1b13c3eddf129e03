import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { exec } from '../lib/exec.mjs';
import { recordOf, writeWhole } from '../lib/processes.mjs';
import { ENGINES } from './engines/index.mjs';
import { layoutOf } from './layout.mjs';
import { secretsOf } from './secrets.mjs';

/** What every engine is told. */
export function contextOf(env) {
  const layout = layoutOf(env);
  return { layout, ports: layout.ports, secrets: secretsOf(layout.secrets) };
}

/** What engines.json says, or nothing. */
export function enginesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return {};
    throw error;
  }
}

const merge = (into, more) => {
  for (const [key, place] of Object.entries(more)) into[key] = { ...into[key], ...place };
  return into;
};

/** The part of engines.json that one engine answers for, alone. */
const partOf = (engine, context) => Object.keys(engine.describe(context));

const TAKEN = 'port in use by another program';

const portIsOpen = (port) =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (open) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
    socket.setTimeout(1_000, () => end(false));
  });

async function answers(engine, places) {
  try {
    await engine.ask(places);
    return { answers: true };
  } catch (error) {
    return { answers: false, why: error.message };
  }
}

/**
 * What is true of one engine now. `state`: 'up' (ours and answering), 'silent' (ours, not answering), 'foreign' (answers where
 * engines.json says, but somebody else started it), 'taken' (its port is somebody's), 'down'.
 */
export async function survey(engine, context) {
  const record = recordOf(context.layout.pid(engine.name));
  const own = merge(merge({}, needed(engine, context)), engine.describe(context));
  if (record !== undefined) {
    const { answers: well, why } = await answers(engine, own);
    return { engine, record, places: own, state: well ? 'up' : 'silent', why };
  }
  const said = enginesIn(context.layout.engines);
  const places = partOf(engine, context).every((key) => key in said) ? said : own;
  const isSaid = places === said && (engine.isSaidIn?.(said) ?? true);
  const { answers: well, why } = isSaid ? await answers(engine, said) : { answers: false, why: 'not started' };
  if (well) return { engine, places: said, state: 'foreign' };
  const taken = await portIsOpen(context.ports[engine.name]);
  return { engine, places: own, isSaid, state: taken ? 'taken' : 'down', why: taken ? TAKEN : why };
}

/** What an engine that builds on others needs to know of them. */
const needed = (engine, context) =>
  Object.assign({}, ...(engine.needs ?? []).map((name) => ENGINES.find((one) => one.name === name).describe(context)));

export const surveyAll = (context, engines = ENGINES) => Promise.all(engines.map((engine) => survey(engine, context)));

/** What engines.json is to say where these states count: ours as we started them, others as somebody wrote them down. */
export function placesOf(context, surveys, counts) {
  const said = enginesIn(context.layout.engines);
  const all = {};
  for (const found of surveys) {
    const { engine, state } = found;
    if (!counts(found)) engine.withdraw?.(all);
    else if (state === 'up') merge(all, engine.describe(context));
    else for (const key of partOf(engine, context)) merge(all, { [key]: said[key] });
  }
  return all;
}

/**
 * Says what is up: ours, and what somebody else wrote down. Of those only what has no listener any more is struck out: they
 * are not ours, and one that is slow to answer now would never come back.
 */
export function writeEngines(context, surveys) {
  const all = placesOf(
    context,
    surveys,
    ({ state, isSaid }) => state === 'up' || state === 'foreign' || (state === 'taken' && isSaid),
  );
  if (Object.keys(all).length === 0) rmSync(context.layout.engines, { force: true });
  else writeWhole(context.layout.engines, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
}

/** The version of what runs, or would run. */
export async function versionOf(engine) {
  if (typeof engine.version === 'string') return engine.version;
  const [command, ...args] = engine.version.command;
  const { code, output } = await exec(command, args);
  return code === 127 ? '' : (engine.version.pattern.exec(output)?.[1] ?? '');
}
