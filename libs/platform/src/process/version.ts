import { readFileSync } from 'node:fs';

/** Of the product: all its packages have the same. The path has the same depth from src and from dist. */
const PACKAGE = new URL('../../package.json', import.meta.url);

export const VERSION = (JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string }).version;
