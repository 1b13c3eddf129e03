import { engineScenarios, kafkaRestarts, longScenarios, mysqlRestarts, redisEmptied } from './engine-scenarios.js';
import { freeze, processScenarios, shortKill, shortRolling } from './process-scenarios.js';
import { recordScenarios } from './record-scenarios.js';
import type { Scenario } from './scenario.js';
import { wayScenarios } from './way-scenarios.js';

const usual: Scenario[] = [...processScenarios, ...engineScenarios, ...recordScenarios, ...wayScenarios];

/** One of each kind, and all of them within a minute and a half. */
export const shortScenarios: Scenario[] = [
  shortKill('message'),
  shortKill('api-gateway'),
  freeze('message', 5000),
  shortKill('delivery'),
  redisEmptied,
  mysqlRestarts,
  kafkaRestarts,
  shortRolling,
];

/** Those whose name holds one of these words, or all; those that take minutes only when they are named. */
export function scenariosOf(words: string[], isShort: boolean): Scenario[] {
  if (words.length === 0) return isShort ? shortScenarios : usual;
  const all = [...(isShort ? shortScenarios : usual), ...longScenarios];
  return all.filter(({ name }) => words.some((word) => name.includes(word)));
}
