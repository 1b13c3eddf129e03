import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';

const instructions = readFileSync('deploy/docker/Dockerfile', 'utf8')
  .replaceAll(/^\s*#.*\n/gm, '')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '');
const stages = instructions.reduce((made, line) => {
  if (line.startsWith('FROM ')) made.push([]);
  made.at(-1)?.push(line);
  return made;
}, []);
const last = stages.at(-1);
const of = (word, stage = last) => stage.filter((line) => line.startsWith(`${word} `));

describe('the Dockerfile', () => {
  it('builds in stages on one image, of the very Node that everything else runs on', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(instructions[0]).toBe(`ARG NODE_IMAGE=node:${devDependencies.node}-bookworm-slim`);
    expect(stages.length).toBeGreaterThan(1);
    for (const [from] of stages) expect(from).toMatch(/^FROM \$\{NODE_IMAGE\}/);
  });

  it('runs as somebody else than root, from the last instruction that says who on', () => {
    expect(of('USER')).toEqual(['USER node']);
    const user = last.indexOf('USER node');
    expect(last.slice(user).some((line) => /^(RUN|COPY|ADD) /.test(line))).toBe(false);
  });

  it('knows whether the service lives', () =>
    expect(of('HEALTHCHECK')[0]).toMatch(/CMD \["node", "healthcheck\.mjs", "\/healthz"\]/));

  it('lets the service have the signals', () =>
    expect(of('CMD')[0]).toMatch(/exec node apps\/\$\{APP\}\/dist\/main\.js/));

  it('holds no secret', () => {
    for (const line of instructions) expect(line).not.toMatch(/(PASSWORD|SECRET|TOKEN)/);
  });

  it('is built from what git has', () => {
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n');
    expect(ignored).toEqual(
      expect.arrayContaining(['.git', '.stack', '.tmp', '.data', '**/node_modules', '**/dist', '**/.env*']),
    );
  });
});

describe('the health check of the image', () => {
  let server;
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const check = async (status) => {
    server = createServer((_request, response) => response.writeHead(status).end('draining')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const child = spawn(process.execPath, ['deploy/docker/healthcheck.mjs', '/readyz'], {
      env: { PARLEY_ADMIN_PORT: String(server.address().port) },
    });
    const [code] = await once(child, 'exit');
    return code;
  };

  it('passes on 200, and on nothing else', async () => {
    expect(await check(200)).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(await check(503)).toBe(1);
  });
});
