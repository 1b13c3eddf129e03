import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';
import { ALLOWED, CALLS, PACKAGES, PROJECTS, type Refusal, TYPE_AWARE } from './refusals.js';

const ROOT = resolve(import.meta.dirname, '../../../..');
const TIMEOUT_MS = 60_000;

/** The house's own configuration. Rules that need types refuse a file which is on no disk, so most examples go without them. */
const typed = new ESLint({ cwd: ROOT });
const untyped = new ESLint({
  cwd: ROOT,
  overrideConfig: {
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off',
    },
  },
});

async function lint(eslint: ESLint, { file, code }: Pick<Refusal, 'file' | 'code'>) {
  const [result] = await eslint.lintText(code, { filePath: resolve(ROOT, file) });
  return result?.messages ?? [];
}

function refuses(eslint: ESLint, examples: Refusal[]) {
  it.each(examples)(
    'refuses $what',
    async (example) => {
      const errors = (await lint(eslint, example)).filter((message) => message.severity === 2);
      const ours = errors.filter((message) => message.ruleId === example.rule);
      expect(ours.map((message) => message.message).join('\n')).toMatch(example.says ?? /./);
    },
    TIMEOUT_MS,
  );
}

describe('imports between projects', () => refuses(untyped, PROJECTS));
describe('packages and layers', () => refuses(untyped, PACKAGES));
describe('what code may do', () => refuses(untyped, CALLS));
describe('what only types can tell', () => refuses(typed, TYPE_AWARE));

describe('what is right', () => {
  it.each(ALLOWED)(
    'allows $what',
    async (example) => {
      const messages = await lint(untyped, example);
      expect(messages.map((message) => `${message.ruleId}: ${message.message}`)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it('warns about a file of more than 300 lines and lets it pass', async () => {
    const messages = await lint(untyped, {
      file: 'libs/service/message/src/long.ts',
      code: 'export {};\n'.repeat(301),
    });
    expect(messages.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([['parley/max-lines-soft', 1]]);
  });
});
