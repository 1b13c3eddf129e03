import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../../..');
const read = (path: string) => JSON.parse(readFileSync(resolve(ROOT, path), 'utf8'));

const SCOPES = ['gateway', 'identity', 'conversation', 'message', 'delivery', 'presence', 'file', 'media-signal'];
const SHARED_TYPES = ['kernel', 'contract', 'adapter', 'platform', 'client', 'testing'];
const SCOPED_TYPES = ['core', 'service', 'app'];

/** The boundary rule passes over a project without tags, so that a missing tag opens every door. */
function faultsOf(tags: string[] = []): string[] {
  const values = (axis: string) =>
    tags.filter((tag) => tag.startsWith(`${axis}:`)).map((tag) => tag.slice(axis.length + 1));
  const [types, scopes] = [values('type'), values('scope')];
  const [type = '', scope = ''] = [types[0], scopes[0]];
  const faults: string[] = [];
  if (types.length !== 1) faults.push('needs one type: tag');
  else if (![...SHARED_TYPES, ...SCOPED_TYPES].includes(type)) faults.push(`has the unknown type ${type}`);
  if (scopes.length !== 1) faults.push('needs one scope: tag');
  else if (![...SCOPES, 'shared'].includes(scope)) faults.push(`has the unknown scope ${scope}`);
  if (SHARED_TYPES.includes(type) && scope !== 'shared') faults.push(`of type ${type} serves every scope`);
  if (['core', 'service'].includes(type) && scope === 'shared') faults.push(`of type ${type} belongs to one scope`);
  return faults;
}

describe('a check of tags', () => {
  it.each([
    [undefined, 'needs one type: tag'],
    [['type:core'], 'needs one scope: tag'],
    [['scope:message'], 'needs one type: tag'],
    [['type:core', 'type:service', 'scope:message'], 'needs one type: tag'],
    [['type:helper', 'scope:shared'], 'has the unknown type helper'],
    [['type:core', 'scope:chat'], 'has the unknown scope chat'],
    [['type:adapter', 'scope:message'], 'of type adapter serves every scope'],
    [['type:core', 'scope:shared'], 'of type core belongs to one scope'],
  ])('refuses %s', (tags, fault) => {
    expect(faultsOf(tags)).toContain(fault);
  });
});

const projects = (read('package.json').workspaces as string[])
  .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: ROOT }))
  .map((path) => ({ folder: dirname(path), manifest: read(path) }));

/** Made for browsers: a bundler compiles them. */
const BUNDLED = ['apps/web'];

describe('the workspace', () => {
  it.each(projects)('$folder carries one tag of each axis', ({ manifest }) => {
    expect(faultsOf(manifest.nx?.tags)).toEqual([]);
  });

  it.each(projects.filter(({ folder }) => !BUNDLED.includes(folder)))(
    '$folder is compiled by the build',
    ({ folder }) => {
      const compiled = (read('tsconfig.json').references as { path: string }[]).map((reference) => reference.path);
      expect(compiled).toContain(folder);
    },
  );

  it('gives every project a name of its own', () => {
    const names = projects.map(({ manifest }) => manifest.name as string);
    expect(new Set(names).size).toBe(names.length);
  });
});
