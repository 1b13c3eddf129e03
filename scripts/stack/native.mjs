import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from '../lib/lock.mjs';
import { startDetached, stopRecorded, tail } from '../lib/processes.mjs';
import { StepFailed } from '../lib/step.mjs';
import { portSetting } from './layout.mjs';
import { provision } from './provision.mjs';
import { survey, surveyAll, writeEngines } from './survey.mjs';

// The engines as programs of this machine.

const ASK_AGAIN_MS = 100;

const alone = (context, work) =>
  withLock(work, { path: context.layout.lock, title: 'wait for another `npm run stack`' });

/** Until it really answers. One that ended instead tells why in its log. */
async function ready(engine, context, ended) {
  const deadline = Date.now() + engine.readyWithinMs;
  const log = context.layout.log(engine.name);
  for (;;) {
    const { state, why, record } = await survey(engine, context);
    if (state === 'up') return;
    if (record === undefined) {
      const how = ended === undefined ? 'it is gone' : await ended;
      throw new StepFailed(`${engine.title} ended at its start (${how}), see ${log}.`, tail(log));
    }
    if (Date.now() > deadline)
      throw new StepFailed(
        `${engine.title} runs but does not answer after ${engine.readyWithinMs / 1000} s (${why}), see ${log}.`,
        tail(log),
      );
    await sleep(ASK_AGAIN_MS);
  }
}

function refuse({ engine, record }, context) {
  const port = context.ports[engine.name];
  const setting = portSetting(engine.name);
  if (record === undefined)
    throw new StepFailed(
      `${engine.title} cannot listen on port ${port}, another program does: choose a port with ${setting}.`,
    );
  if (record.port !== port)
    throw new StepFailed(
      `${engine.title} runs on port ${record.port}, not on ${port}: run \`npm run stack -- down ${engine.name}\` first, or unset ${setting}.`,
    );
}

async function start(found, context, board) {
  const { engine, state, record } = found;
  if (state === 'taken' || (record !== undefined && record.port !== context.ports[engine.name])) refuse(found, context);
  await board.run(`start ${engine.title}`, async (say) => {
    if (state === 'silent') {
      say('waiting for its answer');
      await ready(engine, context);
      return;
    }
    mkdirSync(context.layout.data(engine.name), { recursive: true });
    await engine.prepare?.(context);
    const { command, args, env } = engine.command(context);
    const started = await startDetached({
      command,
      args,
      cwd: context.layout.data(engine.name),
      env: { ...process.env, ...env },
      log: context.layout.log(engine.name),
      pidFile: context.layout.pid(engine.name),
      note: { name: engine.name, port: context.ports[engine.name] },
    });
    await ready(engine, context, started.ended).catch(async (error) => {
      await stopRecorded(context.layout.pid(engine.name), { withinMs: engine.stopWithinMs });
      throw error;
    });
  });
}

/** Each on its own way: what is there early starts while others are still being built. */
async function startAll(surveys, context, board) {
  const absent = surveys.filter(({ state }) => state !== 'up' && state !== 'foreign');
  const there = provision(
    absent.filter(({ state }) => state === 'down').map(({ engine }) => engine),
    context,
    board,
  );
  const ways = new Map();
  for (const found of absent) {
    const { name, needs = [] } = found.engine;
    const way = Promise.all([there.get(name), ...needs.map((other) => ways.get(other))]).then(() =>
      start(found, context, board),
    );
    way.catch(() => {});
    ways.set(name, way);
  }
  return Promise.allSettled(ways.values());
}

/** One failure for all: each says its sentence. */
function fail(settled) {
  const errors = [...new Set(settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])))];
  if (errors.length === 0) return;
  const strange = errors.find((error) => !(error instanceof StepFailed));
  if (strange) throw strange;
  const output = errors.map((error) => error.output).filter(Boolean);
  throw new StepFailed(errors.map((error) => error.message).join('\n'), output.join('\n\n'));
}

/**
 * Starts what is not up yet, getting it first where it has to. What came up stays up, also when another engine fails.
 */
export const up = (engines, context, board) =>
  alone(context, async () => {
    const before = await surveyAll(context, engines);
    const settled = await startAll(before, context, board);
    const after = await surveyAll(context);
    writeEngines(context, after);
    fail(settled);
  });

/** Stops what we started, by its pid. Resolves with [engine, how it ended or undefined]. */
export const down = (engines, context) =>
  alone(context, async () => {
    const stopping = engines.map(async (engine) => [
      engine,
      await stopRecorded(context.layout.pid(engine.name), { withinMs: engine.stopWithinMs }),
    ]);
    const ended = await Promise.all(stopping);
    writeEngines(context, await surveyAll(context));
    return ended;
  });

/** The same without their data. What was fetched, built and decided (bin, secrets) stays. */
export async function reset(engines, context) {
  const ended = await down(engines, context);
  for (const { name } of engines) {
    rmSync(context.layout.data(name), { recursive: true, force: true });
    rmSync(context.layout.log(name), { force: true });
  }
  return ended;
}
