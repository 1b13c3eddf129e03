import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { birthOf, recordOf, signal, startDetached, stopRecorded, tail } from '../../lib/processes.mjs';

let dir;
let pidFile;
let log;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'processes-'));
  pidFile = join(dir, 'one.json');
  log = join(dir, 'one.log');
});
afterEach(async () => {
  await stopRecorded(pidFile, { withinMs: 1_000, how: 'SIGKILL' });
  rmSync(dir, { recursive: true, force: true });
});

const start = (script) => startDetached({ command: process.execPath, args: ['-e', script], log, pidFile });
// Not for ever: a test run that is killed must leave nothing.
const LASTS = 'setTimeout(() => {}, 60_000)';

describe('a process that outlives its starter', { timeout: 20_000 }, () => {
  it('is found by its pid file, and stopped by it', async () => {
    const { pid, ended } = await start(LASTS);
    expect(recordOf(pidFile)).toMatchObject({ pid });
    expect(await stopRecorded(pidFile, { withinMs: 5_000 })).toBe('stopped');
    expect(recordOf(pidFile)).toBeUndefined();
    expect(await ended).toBe('SIGTERM');
  });

  it('is not mistaken for another one that has its number now', async () => {
    const { pid, birth } = await start(LASTS);
    writeFileSync(pidFile, JSON.stringify({ pid, birth: `${birth} of another` }));
    expect(recordOf(pidFile)).toBeUndefined();
    expect(await stopRecorded(pidFile, { withinMs: 100 })).toBeUndefined();
    expect(birthOf(pid)).toBe(birth);
    process.kill(pid, 'SIGKILL');
  });

  it('is killed when it does not stop in time', async () => {
    await start(`process.on('SIGTERM', () => {}); console.log('on'); ${LASTS}`);
    await eventually('it listens to signals', () => tail(log) === 'on');
    expect(await stopRecorded(pidFile, { withinMs: 200 })).toBe('killed');
  });

  it('stops also when it was halted', async () => {
    await start(LASTS);
    signal(recordOf(pidFile), 'SIGSTOP');
    expect(await stopRecorded(pidFile, { withinMs: 5_000 })).toBe('stopped');
  });

  it('leaves its last words in its log', async () => {
    const { ended } = await start('console.log("the reason"); process.exit(3)');
    expect(await ended).toBe('exit code 3');
    expect(tail(log)).toBe('the reason');
    expect(recordOf(pidFile)).toBeUndefined();
  });

  it('is not taken for alive when it ended before anybody looked', () => {
    // Nobody has this number, and nobody ever saw when it began.
    writeFileSync(pidFile, JSON.stringify({ pid: 2 ** 22 + 1 }));
    expect(recordOf(pidFile)).toBeUndefined();
  });

  it('whose pid file is broken counts as none', () => {
    writeFileSync(pidFile, '{');
    expect(recordOf(pidFile)).toBeUndefined();
    expect(readFileSync(pidFile, 'utf8')).toBe('{');
  });

  it('that cannot be started says so', async () => {
    const missing = { command: join(dir, 'no-such-program'), args: [], log, pidFile };
    await expect(startDetached(missing)).rejects.toThrow(/ENOENT/);
    expect(recordOf(pidFile)).toBeUndefined();
  });
});
