import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SERVICES } from '../../cluster/plan.mjs';

const text = readFileSync('docker-compose.dev.yml', 'utf8');
const { services, volumes } = parse(text, { merge: true });
const all = Object.entries(services);
const apps = all.filter(([, { build }]) => build !== undefined);
const engines = all.filter(([, { build }]) => build === undefined);

describe('docker-compose.dev.yml', () => {
  it('builds the eight services, in a profile of their own', () => {
    expect(apps.map(([name]) => name).sort()).toEqual([...SERVICES].sort());
    for (const [name, { build, profiles }] of apps) {
      expect(build.args).toEqual({ APP: name });
      expect(profiles).toEqual(['app']);
      expect(existsSync(build.dockerfile)).toBe(true);
    }
  });

  it('brings all engines without a profile, but what only fault tests need', () => {
    const plain = engines.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    expect(plain.sort()).toEqual(['consul', 'coturn', 'kafka', 'minio', 'mysql', 'object-edge', 'redis']);
    expect(services.toxiproxy.profiles).toEqual(['faults']);
  });

  it.each(engines)('pins the image of %s to one version', (_name, { image }) => {
    expect(image).toMatch(/:(RELEASE\.\d{4}-\d{2}-\d{2}T[\d-]+Z|\d+\.\d+\.\d+[\w.-]*)$/);
  });

  it.each(all)('knows whether %s is well, and brings it up again', (_name, { healthcheck, restart }) => {
    expect(healthcheck.test[0]).toMatch(/^CMD/);
    expect(healthcheck.retries).toBeGreaterThan(0);
    expect(restart).toBe('unless-stopped');
  });

  it('starts nothing before what it needs is well', () => {
    for (const [name, { depends_on: needs }] of apps) {
      expect(Object.keys(needs), name).toEqual(expect.arrayContaining(['mysql', 'redis', 'kafka', 'consul']));
      for (const { condition } of Object.values(needs)) expect(condition).toBe('service_healthy');
    }
    expect(services.file.depends_on).toHaveProperty('minio');
  });

  it('has no secret of its own: each comes from the environment, without a default', () => {
    const named = /PASSWORD|SECRET|TOKEN/;
    const settings = all.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secrets = settings.filter(
      ([name, value]) => named.test(name) && name !== 'MARIADB_RANDOM_ROOT_PASSWORD' && value !== '',
    );
    expect(secrets.length).toBeGreaterThan(SERVICES.length);
    for (const [name, value] of secrets)
      expect(value, name).toMatch(
        name === 'PARLEY_ADMIN_PASSWORD' ? /^\$\{PARLEY_ADMIN_PASSWORD:-\}$/ : /^\$\{\w+:\?.+\}$/,
      );
    for (const [, password] of text.matchAll(/mysql:\/\/[^:]+:([^@]+)@/g)) expect(password).toMatch(/^\$\{\w+:\?/);
  });

  it('opens no port to other machines', () => {
    const ports = all.flatMap(([, { ports: some = [] }]) => some);
    expect(ports.length).toBeGreaterThan(6);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('gives no container more rights than it has', () => {
    for (const [name, { privileged, security_opt: options }] of all) {
      expect(privileged, name).toBeUndefined();
      expect(options, name).toContain('no-new-privileges:true');
    }
    for (const [name, { cap_drop: dropped }] of apps) expect(dropped, name).toEqual(['ALL']);
  });

  it('keeps what engines store in volumes, and mounts only files that are there', () => {
    for (const name of ['mysql', 'redis', 'kafka', 'minio', 'consul'])
      expect(services[name].volumes.some((mount) => mount.startsWith(`${name}:`) && name in volumes)).toBe(true);
    const mounts = all.flatMap(([, { volumes: some = [] }]) => some).filter((mount) => mount.startsWith('./'));
    for (const mount of mounts) {
      const path = mount.split(':')[0];
      expect(existsSync(dirname(path)) && existsSync(path), path).toBe(true);
      expect(mount).toMatch(/:ro$/);
    }
  });

  it('lets a service drain before it kills it', () => {
    // A service cuts its own drain off after 15 s.
    for (const [name, { stop_grace_period: grace }] of apps)
      expect(Number.parseInt(grace, 10), name).toBeGreaterThan(15);
  });
});
