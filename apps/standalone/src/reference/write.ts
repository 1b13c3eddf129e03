import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { docs, pages } from './pages.js';

/** `npm run gen` runs this: writes the pages that differ and says which. */
for (const [name, text] of Object.entries(pages())) {
  const path = new URL(name, docs);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  writeFileSync(path, text);
  process.stdout.write(`  docs/${name}\n`);
}
