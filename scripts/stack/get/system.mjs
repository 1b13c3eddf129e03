import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { exec } from '../../lib/exec.mjs';
import { StepFailed } from '../../lib/step.mjs';

/** Debian keeps servers where a user's PATH does not look. */
const PLACES = [
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/go/bin',
];

/** The whole path of a program, or undefined. */
export function find(command) {
  return PLACES.filter(Boolean)
    .map((place) => join(place, command))
    .find((path) => existsSync(path));
}

/** So that what we start finds them as well. */
process.env.PATH = [...new Set(PLACES)].filter(Boolean).join(delimiter);

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Debian starts a server as soon as it is installed, on its usual port. We want the program only, so we answer "no" to that
 * question while we install. The answer names our process: left behind by a kill, it says "yes" again.
 */
async function withoutStarting(work) {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, `#!/bin/sh\nkill -0 ${process.pid} 2>/dev/null && exit 101\nexit 0\n`, { mode: 0o755 });
  try {
    return await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}

const root = () => process.getuid?.() === 0;

async function canBeRoot() {
  return root() || (find('sudo') !== undefined && (await exec('sudo', ['-n', 'true'])).code === 0);
}

const asRoot = (command, args, options) =>
  root()
    ? exec(command, args, options)
    : exec('sudo', ['-n', '--preserve-env=DEBIAN_FRONTEND', command, ...args], options);

const APT_ENV = { DEBIAN_FRONTEND: 'noninteractive' };
const apt = (say, ...args) =>
  asRoot('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: APT_ENV,
    onOutput: (text) => say(text.trim().split('\n').at(-1) ?? ''),
  });

/** Only servers have a service that could start; the guard is for root, who alone may write it. */
const installing = (packages, say) => () => apt(say, 'install', '-y', '--no-install-recommends', ...packages);

/** The packages of programs that are not there, each once. */
export const missingPackages = (programs) => [
  ...new Set(programs.filter(({ command }) => find(command) === undefined).map((program) => program.package)),
];

/** Installs Debian packages, or says in one sentence what somebody has to do. */
export async function installPackages(packages, say) {
  if (packages.length === 0) return;
  const list = packages.join(' ');
  if (find('apt-get') === undefined)
    throw new StepFailed(`This machine lacks programs that Debian has in ${list}: install what they are called here.`);
  if (!(await canBeRoot()))
    throw new StepFailed(
      `Some programs are missing, and only root may install them: sudo apt-get install --no-install-recommends ${list}`,
    );
  const install = installing(packages, say);
  let result = await withoutStartingIfRoot(install);
  if (result.code !== 0) {
    // Lists of packages that are missing or old name files that the mirror no longer has.
    await apt(say, 'update');
    result = await withoutStartingIfRoot(install);
  }
  if (result.code !== 0) throw new StepFailed(`apt could not install ${list} (see above).`, result.output);
}

const withoutStartingIfRoot = (work) => (root() ? withoutStarting(work) : work());
