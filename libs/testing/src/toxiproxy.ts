import { freePort } from './ports.js';

type Direction = 'upstream' | 'downstream';

/** What toxiproxy does to what passes; see its documentation for the attributes. */
export interface Toxic {
  type: 'latency' | 'bandwidth' | 'reset_peer' | 'timeout' | 'slicer';
  attributes: Record<string, number>;
  /** Share of the connections. */
  toxicity?: number;
}

/** Ways that can be made bad between any two parts. */
export class Toxiproxy {
  constructor(private readonly url: string) {}

  /** @param upstream `host:port` behind it */
  async proxy(upstream: string): Promise<ToxicWay> {
    const port = await freePort();
    const name = `way-${port}`;
    await this.call('POST', '/proxies', { name, listen: `127.0.0.1:${port}`, upstream, enabled: true });
    return new ToxicWay(port, (method, path, body) => this.call(method, `/proxies/${name}${path}`, body));
  }

  private async call(method: string, path: string, body?: unknown): Promise<void> {
    const answer = await fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`toxiproxy: ${method} ${path}: ${answer.status} ${await answer.text()}`);
  }
}

/** One way through toxiproxy. */
export class ToxicWay {
  private readonly toxics = new Set<string>();

  constructor(
    readonly port: number,
    private readonly call: (method: string, path: string, body?: unknown) => Promise<void>,
  ) {}

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async poison({ type, attributes, toxicity = 1 }: Toxic, ...directions: Direction[]): Promise<void> {
    for (const stream of directions.length === 0 ? (['upstream', 'downstream'] as const) : directions) {
      const name = `${type}-${stream}`;
      await this.call('POST', '/toxics', { name, type, stream, toxicity, attributes });
      this.toxics.add(name);
    }
  }

  async heal(): Promise<void> {
    for (const name of this.toxics) await this.call('DELETE', `/toxics/${name}`);
    this.toxics.clear();
  }

  /** Closes what is open and refuses what comes. */
  cut(): Promise<void> {
    return this.call('POST', '', { enabled: false });
  }

  mend(): Promise<void> {
    return this.call('POST', '', { enabled: true });
  }
}
