import { type Outcome, type RunOptions, runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import { Stage } from './stage.js';

/** One stage for those that go straight, one for those that need proxies. */
export async function runFaults(scenarios: Scenario[], options: RunOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const proxied of [false, true]) {
    const acts = scenarios.filter((scenario) => (scenario.proxied === true) === proxied);
    if (acts.length === 0) continue;
    const stage = await Stage.set(proxied);
    try {
      for (const scenario of acts) {
        const outcome = await runScenario(stage, scenario, options);
        outcomes.push(outcome);
        options.say(lineOf(outcome));
        for (const violation of worstFirst(outcome.violations).slice(0, SHOWN)) options.say(`    ${violation}`);
      }
    } finally {
      await stage.strike();
    }
  }
  return outcomes;
}

const SHOWN = 15;

/** What is written in capitals is worse than what follows from it. */
const worstFirst = (violations: string[]): string[] => {
  const isWorst = (violation: string) => /\b(LOST|FORBIDDEN|FORCED LOGIN)\b/.test(violation);
  return [...violations.filter(isWorst), ...violations.filter((violation) => !isWorst(violation))];
};

const seconds = (ms: number | undefined) => (ms === undefined ? '–' : (ms / 1000).toFixed(1));
const COLUMNS: [title: string, width: number, of: (outcome: Outcome) => string | number][] = [
  ['sends', 6, ({ sends }) => sends],
  ['acked', 6, ({ acked }) => acked],
  ['retried', 7, ({ retried }) => retried],
  ['removals', 8, ({ removals }) => removals],
  ['logouts', 7, ({ logouts }) => logouts],
  ['violations', 10, ({ violations }) => violations.length],
  ['longest ack s', 13, ({ longestAckMs }) => seconds(longestAckMs)],
  ['well without it s', 17, ({ healedWithoutMs }) => seconds(healedWithoutMs)],
  ['well after it s', 15, ({ healedMs }) => seconds(healedMs)],
];
const NAME = 34;

export const heading = (): string =>
  ['scenario'.padEnd(NAME), ...COLUMNS.map(([title, width]) => title.padStart(width))].join('  ');

export const lineOf = (outcome: Outcome): string =>
  [outcome.name.padEnd(NAME), ...COLUMNS.map(([, width, of]) => String(of(outcome)).padStart(width))].join('  ');
