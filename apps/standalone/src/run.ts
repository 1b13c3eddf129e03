import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { runProcess } from '@parley/platform';
import { banner } from './banner.js';
import { standaloneSettings } from './settings.js';
import { startStandalone } from './standalone.js';

/** From settings to a running server to a clean end. */
export function runStandalone(env: NodeJS.ProcessEnv): Promise<void> {
  return runProcess(async (onFatal) => {
    const startedAt = performance.now();
    const settings = standaloneSettings(env);
    const server = await startStandalone(settings, version(), onFatal);
    const directory = resolve(settings.PARLEY_DATA_DIR);
    process.stdout.write(banner(server.app, settings, directory, performance.now() - startedAt));
    return server;
  });
}

function version(): string {
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }).version;
}
