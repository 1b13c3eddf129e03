import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type { Person } from './person.js';

const FOLDER = fileURLToPath(new URL('../../../../../.tmp/browser', import.meta.url));

/** What everybody had on the screen when a test failed, as pictures below `.tmp/browser`. */
export function keepEvidence(name: string, people: () => readonly (Person | undefined)[]): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    mkdirSync(FOLDER, { recursive: true });
    for (const [index, person] of people().entries())
      await person?.page
        .screenshot({ path: `${FOLDER}/${name}-${index + 1}-${person.name}.png`, timeout: 5000 })
        .catch(() => undefined);
  });
}
