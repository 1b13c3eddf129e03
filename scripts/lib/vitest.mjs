import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from './exec.mjs';
import { TMP } from './root.mjs';

/** The names of the vitest projects, see vitest.config.ts. */
export const PROJECTS = ['unit', 'component', 'e2e', 'browser', 'distributed', 'faults'];

const REPORT = join(TMP, 'vitest.json');

/** A file that does not load, or whose set-up fails, has no failed test to show, but it is a failure and has to count. */
function count() {
  try {
    const report = JSON.parse(readFileSync(REPORT, 'utf8'));
    const broken = report.testResults.filter(
      (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
    );
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Runs vitest with its output shown live. A run that fails without a failed test (coverage, a crash) counts as one failure. */
export async function vitest(args, env) {
  rmSync(REPORT, { force: true });
  const { code } = await tool('vitest/vitest.mjs', ['run', '--passWithNoTests', ...args], { live: true, env });
  const result = count();
  if (code !== 0 && result.failed === 0) result.failed = 1;
  return result;
}
