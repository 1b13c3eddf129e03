import type { ParleyCluster, ProcessName } from '@parley/testing';

/** What a process writes when nobody caught an error. */
const UNHANDLED = /unhandled|uncaught|triggerUncaughtException|ERR_UNHANDLED|out of memory|A store failed/i;
const SHOWN = 1500;

/** What processes did meanwhile that they may not do: end by themselves, or leave an exception to nobody. */
export class ProcessCheck {
  private readonly readTo: Map<ProcessName, number>;

  constructor(private readonly cluster: ParleyCluster) {
    this.readTo = new Map(cluster.names.map((name) => [name, cluster.process(name).log().length]));
  }

  /** Starts again what is gone, so that what comes next can be judged. */
  async findings(say: (line: string) => void): Promise<string[]> {
    const found: string[] = [];
    for (const name of this.cluster.names) {
      const server = this.cluster.process(name);
      const log = server.log().slice(this.readTo.get(name));
      if (UNHANDLED.test(log)) {
        found.push(`${name}: unhandled: ${log.split('\n').find((line) => UNHANDLED.test(line))}`);
        say(log.slice(-SHOWN));
      }
      if (server.isRunning) continue;
      found.push(`${name} ended by itself`);
      say(`${name} ended by itself:\n${log.slice(-SHOWN)}`);
      await server.start();
    }
    return found;
  }
}
