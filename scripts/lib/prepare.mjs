import { existsSync } from 'node:fs';
import { building } from './build.mjs';
import { generation } from './generate.mjs';
import { installation } from './install.mjs';
import { withLock } from './lock.mjs';
import { at } from './root.mjs';
import { StepFailed } from './step.mjs';
import { webBuilding } from './web.mjs';

async function ensure(...parts) {
  if (parts.every((part) => part.isDone())) return;
  await withLock(async () => {
    // Asked again one by one: another process may have done it while we waited, and each part rests on the one before.
    for (const part of parts) if (!part.isDone()) await part.run();
  });
}

export const prepareTools = () => ensure(installation);

/** Brings packages, generated code, `entry` and, where people will look at it, the web client up to date; silent, and some tens of milliseconds, when they are. */
export async function prepare(entry, { web = false } = {}) {
  await ensure(installation, generation, building(entry), ...(web ? [webBuilding] : []));
  if (existsSync(at(entry))) return;
  throw new StepFailed(`${entry} is not built: its source under ${entry.replace(/\/dist\/.*/, '/src')} is missing.`);
}
