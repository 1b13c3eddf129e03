import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SettingsError } from '@parley/platform';
import { DirectoryInUse } from '@parley/adapter-sql';
import { banner } from './banner.js';
import { standaloneSettings } from './settings.js';
import { type Standalone, startStandalone } from './standalone.js';

const OLDEST_NODE = 24;
/** A drain that takes longer is cut off: what was acked is on disk. */
const DRAIN_LIMIT_MS = 15_000;

/** From settings to a running server to a clean end. Whatever a user can mend ends with one sentence, not with a stack. */
export async function runStandalone(env: NodeJS.ProcessEnv): Promise<void> {
  const startedAt = performance.now();
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE)
    fail(`Parley needs Node ${OLDEST_NODE} or newer, this is ${process.version}. Start it with "npm start".`);
  let server: Standalone;
  try {
    const settings = standaloneSettings(env);
    server = await startStandalone(settings, version(), (error) =>
      fail(`The message store failed, stopping so that nothing is lost: ${error.message}`),
    );
    process.stdout.write(
      banner(server.app, settings, resolve(settings.PARLEY_DATA_DIR), performance.now() - startedAt),
    );
  } catch (error) {
    fail(explain(error));
  }
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    process.stdout.write(`\n${signal}: letting clients go and finishing what was begun …\n`);
    setTimeout(
      () => fail('The drain took too long and was cut off; what was acked is on disk.'),
      DRAIN_LIMIT_MS,
    ).unref();
    server.stop().then(
      () => {
        process.stdout.write('Stopped.\n');
        process.exit(0);
      },
      (error: unknown) => fail(`Stopping failed: ${explain(error)}`),
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
}

function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DirectoryInUse) return error.message;
  const { code, port, message, stack } = error as { code?: string; port?: number; message?: string; stack?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what uses it, or choose another with PARLEY_HTTP_PORT (public), PARLEY_ADMIN_PORT (health and metrics) or PARLEY_DIAGNOSTIC_PORT.`;
  if (code === 'EACCES')
    return `Not allowed: ${message}. Check the rights on PARLEY_DATA_DIR and use ports above 1024.`;
  return stack ?? String(error);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
