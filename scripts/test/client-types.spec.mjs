import { readFileSync } from 'node:fs';
import * as contracts from '@parley/contracts';
import { expect, it } from 'vitest';
import { CLIENT_TYPES, clientTypes } from '../lib/client-types.mjs';
import { at } from '../lib/root.mjs';

it('the types of the SDK are those of the schemas (npm run gen)', async () => {
  expect(readFileSync(at(CLIENT_TYPES), 'utf8')).toBe(await clientTypes(contracts));
});
