import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ParleyServer } from '@parley/testing';
import { GeneratorProcess } from './load/generator-process.js';
import { costOf } from './machine/process-cost.js';
import { type ProfileSummary, readProfiles } from './machine/cpu-profile.js';
import type { BenchOptions } from './options.js';
import { seedPairs } from './seed.js';

export interface Setup {
  users: number;
  seedSeconds: number;
  connectsPerSecond: number;
  rssAfterStartMiB: number;
  rssConnectedMiB: number;
}

/** A server with users and their sockets, ready for load, and the generator that loads it. */
export class Bench {
  private constructor(
    readonly server: ParleyServer,
    readonly generator: GeneratorProcess,
    readonly setup: Setup,
    private readonly options: BenchOptions,
  ) {}

  static async open(options: BenchOptions, say: (line: string) => void): Promise<Bench> {
    const server = await ParleyServer.start({
      name: 'bench',
      directory: options.data ? resolve(options.data) : undefined,
      startWithinMs: 60_000,
      // A long run must not meet the end of an access token.
      env: { PARLEY_ACCESS_TOKEN_SECONDS: '3600' },
      nodeArguments: options.profile ? profileArguments() : [],
    });
    const generator = new GeneratorProcess();
    try {
      const rssAfterStartMiB = costOf(server.pid).rssMiB;
      say(`seeding ${options.users} users in pairs`);
      const startedAt = performance.now();
      const users = await seedPairs(server, options.users);
      const seedSeconds = (performance.now() - startedAt) / 1000;
      say(`connecting ${users.length} sockets (seeded in ${seedSeconds.toFixed(1)} s)`);
      const connected = await generator.connect(server.url, users);
      if (connected.connected < users.length) throw new Error(`not connected: ${JSON.stringify(connected.failed)}`);
      return new Bench(
        server,
        generator,
        {
          users: users.length,
          seedSeconds,
          connectsPerSecond: (connected.connected * 1000) / connected.ms,
          rssAfterStartMiB,
          rssConnectedMiB: costOf(server.pid).rssMiB,
        },
        options,
      );
    } catch (error) {
      generator.end();
      await server.stop();
      throw new Error(`${(error as Error).message}\n${server.log().slice(-2000)}`, { cause: error });
    }
  }

  /** Ends all processes. A profile is only there when the server ended by itself. */
  async close(): Promise<ProfileSummary | undefined> {
    this.generator.end();
    await this.server.stop();
    const profile = this.options.profile ? readProfiles(PROFILES) : undefined;
    if (!this.options.keep) this.server.remove();
    return profile;
  }
}

const PROFILES = resolve('.tmp/bench-profile', String(process.pid));

function profileArguments(): string[] {
  mkdirSync(PROFILES, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, '--cpu-prof-interval=500'];
}
