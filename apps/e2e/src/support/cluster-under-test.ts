import { type ClusterOptions, ParleyCluster, type ParleyServer } from '@parley/testing';
import type { ServerUnderTest } from './server-under-test.js';

/** A cluster that looks like one server. */
export class ClusterUnderTest implements ServerUnderTest {
  private turn = 0;

  private constructor(readonly cluster: ParleyCluster) {}

  static async start(options: ClusterOptions): Promise<ClusterUnderTest> {
    return new ClusterUnderTest(await ParleyCluster.start(options));
  }

  get url(): string {
    const { gateways } = this.cluster;
    this.turn = (this.turn + 1) % gateways.length;
    return (gateways[this.turn] as ParleyServer).url;
  }

  get adminUrl(): string {
    return this.first.adminUrl;
  }

  get diagnosticUrl(): string {
    return this.first.diagnosticUrl;
  }

  get pid(): number {
    return this.first.pid;
  }

  get isRunning(): boolean {
    return this.all.every((server) => server.isRunning);
  }

  get logPath(): string {
    return this.first.logPath;
  }

  log(): string {
    return this.cluster.names.map((name) => `== ${name}\n${this.cluster.process(name).log().slice(-1500)}`).join('\n');
  }

  async kill(): Promise<void> {
    await Promise.all(this.all.map((server) => server.kill()));
  }

  async start(): Promise<void> {
    await Promise.all(this.all.map((server) => server.start()));
    await this.cluster.acquainted();
  }

  private get first(): ParleyServer {
    return this.cluster.gateways[0] as ParleyServer;
  }

  private get all(): ParleyServer[] {
    return this.cluster.names.map((name) => this.cluster.process(name));
  }
}
