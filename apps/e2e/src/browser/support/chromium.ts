import { accessSync, constants, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  // A microphone and a camera that every machine has.
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  // A test drives several windows at once; none of them is in the background.
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** PARLEY_CHROMIUM (a path, or `packaged`), else the system's Chromium or Chrome, else the one that comes with the packages. */
export async function launchChromium(): Promise<Browser> {
  const installed = process.env['PARLEY_CHROMIUM'] ?? onPath();
  if (installed !== undefined && installed !== 'packaged')
    return chromium.launch({ executablePath: installed, args: FLAGS });
  return launchPackaged();
}

/** Unpacked once, with the libraries that a bare machine lacks. The package finds both by the environment, which is put back. */
async function launchPackaged(): Promise<Browser> {
  const directory = fileURLToPath(new URL('../../../../../.tmp/chromium', import.meta.url));
  mkdirSync(directory, { recursive: true });
  const before = { ...process.env };
  Object.assign(process.env, { TMPDIR: directory, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' });
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    const env = { ...process.env, TMPDIR: before['TMPDIR'] ?? tmpdir() } as Record<string, string>;
    return await chromium.launch({ executablePath, args: FLAGS, env });
  } finally {
    process.env = before;
  }
}

function onPath(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories.flatMap((directory) => NAMES.map((name) => join(directory, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
