import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Deployment, distributed, embedded } from './deployment.js';
import { GeneratorProcess } from './load/generator-process.js';
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

const memoryOf = (deployment: Deployment) =>
  [...deployment.costs().values()].reduce((sum, { rssMiB }) => sum + rssMiB, 0);

/** A deployment with users and their sockets, ready for load, and the generator that loads it. */
export class Bench {
  private constructor(
    readonly deployment: Deployment,
    readonly generator: GeneratorProcess,
    readonly setup: Setup,
    private readonly options: BenchOptions,
  ) {}

  static async open(options: BenchOptions, say: (line: string) => void): Promise<Bench> {
    const given = {
      // A long run must not meet the end of an access token.
      env: { PARLEY_ACCESS_TOKEN_SECONDS: '3600' },
      nodeArguments: options.cpuProfile ? profileArguments() : [],
    };
    const deployment =
      options.profile === 'distributed'
        ? await distributed(given, options.replicas)
        : await embedded(given, options.data);
    const generator = new GeneratorProcess();
    try {
      const rssAfterStartMiB = memoryOf(deployment);
      say(`seeding ${options.users} users in pairs`);
      const startedAt = performance.now();
      const users = await seedPairs(deployment, options.users);
      const seedSeconds = (performance.now() - startedAt) / 1000;
      say(`connecting ${users.length} sockets (seeded in ${seedSeconds.toFixed(1)} s)`);
      const connected = await generator.connect(deployment.urls, users);
      if (connected.connected < users.length) throw new Error(`not connected: ${JSON.stringify(connected.failed)}`);
      return new Bench(
        deployment,
        generator,
        {
          users: users.length,
          seedSeconds,
          connectsPerSecond: (connected.connected * 1000) / connected.ms,
          rssAfterStartMiB,
          rssConnectedMiB: memoryOf(deployment),
        },
        options,
      );
    } catch (error) {
      generator.end();
      const log = deployment.log().slice(-8000);
      await deployment.stop();
      throw new Error(`${(error as Error).message}\n${log}`, { cause: error });
    }
  }

  /** Ends all processes. A profile is only there when the processes ended by themselves. */
  async close(): Promise<ProfileSummary | undefined> {
    this.generator.end();
    await this.deployment.stop();
    const profile = this.options.cpuProfile ? readProfiles(PROFILES) : undefined;
    if (!this.options.keep) await this.deployment.remove();
    return profile;
  }
}

const PROFILES = resolve('.tmp/bench-profile', String(process.pid));

function profileArguments(): string[] {
  mkdirSync(PROFILES, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, '--cpu-prof-interval=500'];
}
