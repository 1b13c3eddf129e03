import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

// In a process of its own, from what was built: the collector of the test run is not ours to call.
const MODULE = fileURLToPath(new URL('./give-back-memory.ts', import.meta.url));

const SCRIPT = `
  import { giveBackMemory } from ${JSON.stringify(MODULE)};
  let garbage = Array.from({ length: 400_000 }, (_, index) => ({ index, text: 'x' + index }));
  garbage = undefined;
  const before = process.memoryUsage().heapTotal;
  giveBackMemory();
  const busy = process.argv.includes('busy');
  const end = performance.now() + 5000;
  const look = () => {
    if (busy) for (const until = performance.now() + 20; performance.now() < until; );
    if (performance.now() < end) setTimeout(look, busy ? 1 : 100);
    else console.log(JSON.stringify({ before, after: process.memoryUsage().heapTotal }));
  };
  look();
`;

async function heap(...args: string[]): Promise<{ before: number; after: number }> {
  const options = ['--input-type=module', '--eval', SCRIPT, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, options);
  return JSON.parse(stdout) as { before: number; after: number };
}

describe('memory that a start has left', { timeout: 20_000 }, () => {
  it('goes back to the system in the first quiet moment', async () => {
    const { before, after } = await heap();
    expect(after).toBeLessThan(before / 2);
  });

  it('is kept while there is work: a collection would hold it up', async () => {
    const { before, after } = await heap('busy');
    expect(after).toBeGreaterThan(before / 2);
  });
});
