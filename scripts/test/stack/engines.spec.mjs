import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeArguments, composeEnv, isChosen } from '../../stack/compose.mjs';
import { rendered } from '../../stack/engines/edge.mjs';
import { ENGINES, enginesOf } from '../../stack/engines/index.mjs';
import { activityOf, atLeast, NEEDED, versionIn } from '../../stack/get/golang.mjs';
import { missingPackages } from '../../stack/get/system.mjs';
import { parseStack } from '../../stack/run.mjs';
import { contextOf } from '../../stack/survey.mjs';

let dir;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'stack-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const context = () => contextOf({ PARLEY_STACK_DIR: dir });

describe('the command line of the stack', () => {
  it('takes engines by name, by what people call them, and brings what they need', () => {
    expect(parseStack(['up', 'mariadb', 'redis']).engines.map(({ name }) => name)).toEqual(['mysql', 'redis']);
    expect(enginesOf(['edge']).map(({ name }) => name)).toEqual(['s3', 'edge']);
  });

  it('stops, and forgets the data of, only what is named', () => {
    for (const command of ['down', 'reset', 'status'])
      expect(parseStack([command, 'edge']).engines.map(({ name }) => name)).toEqual(['edge']);
  });

  it('refuses what it does not know in one sentence', () => {
    expect(() => parseStack(['upp'])).toThrow(/^There is no command "upp": it is one of up, down, status, reset\.$/);
    expect(() => parseStack(['up', 'oracle'])).toThrow(/^There is no engine called "oracle"/);
    expect(() => parseStack(['up', '--all'])).toThrow(/^There is no option "--all"/);
  });
});

describe('secrets of the stack', () => {
  it('differ between stacks, stay the same in one, and are for the owner only', () => {
    const first = context().secrets;
    expect(context().secrets).toEqual(first);
    const other = mkdtempSync(join(tmpdir(), 'stack-'));
    expect(contextOf({ PARLEY_STACK_DIR: other }).secrets.mysql).not.toBe(first.mysql);
    rmSync(other, { recursive: true });
    expect(statSync(join(dir, 'secrets.json')).mode & 0o077).toBe(0);
  });

  it('are nowhere on a command line that everybody can read', () => {
    const { secrets } = context();
    for (const engine of ENGINES) {
      const line = engine.command(context()).args.join(' ');
      for (const secret of Object.values(secrets)) expect(line).not.toContain(secret);
    }
  });
});

describe('every engine', () => {
  it('listens on the loopback interface only', async () => {
    const told = context();
    // What these three listen on is in their files.
    const files = { kafka: 'server.properties', turn: 'turnserver.conf', edge: 'edge.conf' };
    for (const engine of ENGINES.filter(({ name }) => !(name in files)))
      expect(engine.command(told).args.join(' '), engine.name).toMatch(/127\.0\.0\.1/);
    mkdirSync(told.layout.data('turn'), { recursive: true });
    await enginesOf(['turn'])[0].prepare(told);
    expect(readFileSync(join(told.layout.data('turn'), files.turn), 'utf8')).toMatch(/^listening-ip=127\.0\.0\.1$/m);
  });

  it('says what to install for each program it runs on', () => {
    for (const { system, tools = [] } of ENGINES)
      for (const program of [...system, ...tools]) expect(program.package).toMatch(/^[a-z0-9.+-]+$/);
  });

  it('has a pinned version when it is fetched or built', () => {
    for (const { cached } of ENGINES.filter((engine) => engine.cached)) expect(cached.stamp).toMatch(/\d+\.\d+\.\d+/);
  });
});

describe('packages', () => {
  it('are asked for once, and only for programs that are not here', () => {
    const programs = [
      { command: 'no-such-program', package: 'one' },
      { command: 'no-such-program-either', package: 'one' },
      { command: 'sh', package: 'dash' },
    ];
    expect(missingPackages(programs)).toEqual(['one']);
  });
});

describe('Go', () => {
  it('is compared by numbers, not by letters', () => {
    expect(atLeast('1.25.5', NEEDED)).toBe(true);
    expect(atLeast('1.26', '1.25.5')).toBe(true);
    expect(atLeast('1.9.7', '1.21.0')).toBe(false);
    expect(atLeast('1.25', '1.25.5')).toBe(false);
    expect(versionIn('go version go1.26.8 linux/amd64')).toBe('1.26.8');
  });

  it('tells what it is doing', () => {
    expect(activityOf('go: downloading golang.org/x/sys v0.31.0\n', 0)).toBe('downloading golang.org/x/sys v0.31.0');
    expect(activityOf('net/http\ngithub.com/a/b/c/d\n', 12)).toBe('compiled 12 packages, now …/c/d');
  });
});

describe('the template of the edge', () => {
  it("keeps nginx' own variables", () => {
    expect(rendered('listen ${EDGE_PORT}; $host ${http_x}', { EDGE_PORT: '80' })).toBe('listen 80; $host ${http_x}');
  });
});

describe('containers instead of programs', () => {
  const yes = () => true;
  const no = () => false;

  it('are used wherever Docker answers, unless told otherwise', async () => {
    expect(await isChosen({}, context(), yes)).toBe(true);
    expect(await isChosen({}, context(), no)).toBe(false);
    expect(await isChosen({ PARLEY_STACK_MODE: 'native' }, context(), yes)).toBe(false);
    await expect(isChosen({ PARLEY_STACK_MODE: 'docker' }, context(), no)).rejects.toThrow(/no Docker engine/);
    await expect(isChosen({ PARLEY_STACK_MODE: 'podman' }, context(), yes)).rejects.toThrow(
      /^PARLEY_STACK_MODE: must be/,
    );
  });

  it('get every variable that the compose file asks for without a default', () => {
    const file = readFileSync('docker-compose.dev.yml', 'utf8');
    const asked = new Set([...file.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
    expect(asked.size).toBeGreaterThan(3);
    expect(Object.keys(composeEnv(context()))).toEqual(expect.arrayContaining([...asked]));
  });

  it('are called as compose calls them', () => {
    expect(composeArguments('up', enginesOf(['s3', 'turn']))).toEqual(['up', '--detach', '--wait', 'minio', 'coturn']);
    expect(composeArguments('down', undefined)).toEqual(['down']);
    expect(composeArguments('reset', undefined)).toEqual(['down', '--volumes']);
    expect(() => composeArguments('reset', enginesOf(['redis']))).toThrow(/all engines or of none/);
  });
});
