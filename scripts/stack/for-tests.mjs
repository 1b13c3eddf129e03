import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { recordOf, signal, writeWhole } from '../lib/processes.mjs';
import { TMP } from '../lib/root.mjs';
import { StepFailed } from '../lib/step.mjs';
import { Board } from './board.mjs';
import * as compose from './compose.mjs';
import { ENGINES } from './engines/index.mjs';
import * as native from './native.mjs';
import { isProvisioned } from './provision.mjs';
import { contextOf, enginesIn, placesOf, surveyAll, versionOf } from './survey.mjs';

/** Progress beside that of other steps: whole lines, which do not fight over the last one. */
const lines = { isTTY: false, write: (text) => process.stderr.write(text) };

const isUp = ({ state }) => state === 'up' || state === 'foreign';

/**
 * The real engines of one test run: those that are up, or can be had at once. Where they are required
 * (PARLEY_REQUIRE_ENGINES=on) all are fetched, built and started, and one that is missing fails the run.
 */
export class TestEngines {
  #controller = new AbortController();
  #started = [];
  #composed = false;
  #why = new Map();
  #found = [];

  /** @param {{env: object, mayStart: boolean}} options `mayStart`: not for one test file, which somebody wants to see now */
  constructor({ env, mayStart }) {
    this.env = env;
    this.required = env.PARLEY_REQUIRE_ENGINES === 'on';
    this.mayStart = mayStart || this.required;
    this.context = { ...contextOf(env), signal: this.#controller.signal };
    this.file = join(TMP, `engines-${process.pid}.json`);
  }

  /** Begins, so that builds of minutes go on beside the checks; `ready` waits for it. */
  begin() {
    this.going ??= this.#bringUp();
    this.going.catch(() => {});
  }

  /** Resolves with the settings that tell the tests which engines there are. */
  async ready() {
    this.begin();
    await this.going;
    const surveys = await surveyAll(this.context);
    this.#found = surveys;
    const all = placesOf(this.context, surveys, isUp);
    const composed = this.#composed ? enginesIn(this.context.layout.engines) : {};
    // What does not answer now is not there for the tests, whatever engines.json says.
    writeWhole(this.file, JSON.stringify({ ...composed, ...all }), { mode: 0o600 });
    this.#refuseMissing();
    return { PARLEY_ENGINES_FILE: this.file };
  }

  async #bringUp() {
    if (!this.mayStart) return;
    const before = await surveyAll(this.context);
    const down = before.filter((found) => !isUp(found)).map(({ engine }) => engine);
    if (down.length === 0) return;
    if (await compose.isChosen(this.env, this.context)) {
      await compose.run('up', undefined, this.context);
      this.#composed = true;
      return;
    }
    await this.#startNatively(down);
  }

  async #startNatively(down) {
    const here = this.required ? down : down.filter((engine) => this.#canStart(engine, down));
    for (const { name } of down.filter((engine) => !here.includes(engine)))
      this.#why.set(name, 'it was never set up here');
    if (here.length === 0) return;
    // Noted before: what came up is ours to stop, also when another one fails or the run ends.
    this.#started = here;
    process.once('exit', this.#stopAtOnce);
    try {
      await native.up(here, this.context, new Board(lines));
    } catch (error) {
      if (this.required || !(error instanceof StepFailed)) throw error;
      process.stderr.write(`${error.message}\n`);
    }
  }

  /** At once, and so is what it needs. */
  #canStart(engine, down) {
    const needed = down.filter(({ name }) => engine.needs?.includes(name));
    return [engine, ...needed].every((one) => isProvisioned(one, this.context.layout));
  }

  #refuseMissing() {
    if (!this.required) return;
    const missing = this.#found.filter((found) => !isUp(found));
    if (missing.length === 0) return;
    const list = missing.map(({ engine, why }) => `${engine.title} (${why})`).join(', ');
    throw new StepFailed(`PARLEY_REQUIRE_ENGINES is on, and these engines are not up: ${list}.`);
  }

  /** One line for each engine: real, or left out and why. */
  async report() {
    const width = Math.max(...ENGINES.map(({ title }) => title.length));
    const rows = this.#found.map(async (found) => {
      const { engine, places, state } = found;
      const title = engine.title.padEnd(width);
      if (!isUp(found)) return `  ${title}  left out: ${this.#reason(found)}`;
      const whose = state === 'foreign' ? 'was up already' : 'of the stack';
      return `  ${title}  real, ${engine.address(places)}, ${await versionOf(engine)} (${whose})`;
    });
    return (await Promise.all(rows)).join('\n');
  }

  #reason({ engine, state, why }) {
    if (state === 'silent' || state === 'taken') return why;
    return `${this.#why.get(engine.name) ?? 'not up'}; \`npm run stack -- up ${engine.name}\``;
  }

  /** For a run that is interrupted: it does not wait, but the engines stop cleanly by themselves. */
  #stopAtOnce = () => {
    for (const { name } of this.#started) {
      const record = recordOf(this.context.layout.pid(name));
      if (record !== undefined) signal(record, 'SIGTERM');
    }
  };

  /** Stops what this run started, and what it still builds. */
  async end() {
    this.#controller.abort();
    await this.going?.catch(() => {});
    rmSync(this.file, { force: true });
    if (this.#composed) await compose.run('down', undefined, this.context);
    if (this.#started.length > 0) await native.down(this.#started, this.context);
    process.off('exit', this.#stopAtOnce);
  }
}
