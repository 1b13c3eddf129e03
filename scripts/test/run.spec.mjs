import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';

let starter;
let printed;

/** Starts the server as npm does, and leads a process group as a terminal would. */
async function start(exitCode = 0) {
  printed = '';
  starter = spawn(process.execPath, ['scripts/test/starter.mjs', exitCode], { detached: true });
  starter.stdout.on('data', (chunk) => (printed += chunk));
  while (!printed.includes('ready')) await once(starter.stdout, 'data');
  return Number(printed.match(/ready (\d+)/)[1]);
}

const signals = () => printed.split('\n').filter((line) => line.startsWith('got'));

/** Reads until the last process that holds the pipe is gone: the server, when it outlives its starter. */
const ended = () => once(starter, 'close');

afterEach(() => {
  try {
    process.kill(-starter.pid, 'SIGKILL');
  } catch {
    // The group has ended, as it should.
  }
});

describe('a started server', () => {
  it('gets one signal when the whole group of its starter is interrupted, and ends with its own code', async () => {
    await start(7);
    process.kill(-starter.pid, 'SIGINT');
    starter.kill('SIGINT');
    expect(await ended()).toEqual([7, null]);
    expect(signals()).toEqual(['got SIGINT']);
  });

  it('drains when its starter alone is terminated', async () => {
    await start();
    starter.kill('SIGTERM');
    expect(await ended()).toEqual([0, null]);
    expect(signals()).toEqual(['got SIGTERM']);
  });

  it('does not outlive a starter that was killed', async () => {
    await start();
    starter.kill('SIGKILL');
    expect(await ended()).toEqual([null, 'SIGKILL']);
    expect(signals()).toEqual([]);
  });

  it('takes its starter along when it is killed itself', async () => {
    process.kill(await start(), 'SIGKILL');
    expect(await ended()).toEqual([null, 'SIGKILL']);
  });
});
