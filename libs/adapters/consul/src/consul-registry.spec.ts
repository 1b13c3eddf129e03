import { randomUUID } from 'node:crypto';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { engine, eventually, freePort, never } from '@parley/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConsulRegistry } from './consul-registry.js';
import type { FollowedAddresses } from './service-registry.js';
import { serviceRegistryContract } from './testing/index.js';

const url = engine('consul')?.url ?? '';
const PREFIX = `test-${randomUUID().slice(0, 8)}-`;

interface AgentService {
  ID: string;
  Service: string;
}

const mine = async () => {
  const services = (await (await fetch(`${url}/v1/agent/services`)).json()) as Record<string, AgentService>;
  return Object.values(services).filter(({ Service }) => Service.startsWith(PREFIX));
};
const forget = (id: string) => fetch(`${url}/v1/agent/service/deregister/${id}`, { method: 'PUT' });

/** A way to Consul that can be cut and mended. */
class Way {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;

  constructor(readonly port: number) {}

  async mend(): Promise<void> {
    const { hostname, port } = new URL(url);
    this.server = createServer((socket) => {
      const onward = connect(Number(port), hostname);
      for (const end of [socket, onward]) {
        this.sockets.add(end);
        end.on('error', () => end.destroy()).on('close', () => this.sockets.delete(end));
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

describe.skipIf(url === '')('Consul', () => {
  afterAll(async () => {
    for (const { ID } of await mine()) await forget(ID);
  });

  serviceRegistryContract('Consul', async () => {
    const prefix = `${PREFIX}${randomUUID().slice(0, 8)}-`;
    return () => new ConsulRegistry({ url, prefix });
  });

  describe('that comes and goes', () => {
    let way: Way;
    let registry: ConsulRegistry;
    let addresses: FollowedAddresses;
    let troubles: Error[];
    let prefix: string;
    const process = (instance: string) => ({
      service: 'message',
      instance,
      address: '127.0.0.1:20001',
      version: '1',
      zone: '',
      adminUrl: '',
    });
    const names = () =>
      addresses
        .of('message')
        .map(({ instance }) => instance)
        .sort()
        .join();

    beforeEach(async () => {
      prefix = `${PREFIX}${randomUUID().slice(0, 8)}-`;
      troubles = [];
      way = new Way(await freePort());
      await way.mend();
      const onTrouble = (error: Error) => troubles.push(error);
      registry = new ConsulRegistry({ url: `http://127.0.0.1:${way.port}`, prefix, onTrouble });
      addresses = registry.follow(['message']);
      await addresses.ready();
    });

    afterEach(async () => {
      addresses.close();
      await way.cut();
    });

    it('is waited for by who registers, with word of it', async () => {
      await way.cut();
      let isThere = false;
      const registering = registry.register(process(`${prefix}m-1`)).then((entry) => {
        isThere = true;
        return entry;
      });
      await eventually('a word', () => troubles.length > 0);
      await expect(registry.check()).rejects.toThrow();
      expect(isThere).toBe(false);
      await way.mend();
      await (await registering).deregister();
    });

    it('leaves what is known as it is while it is away, and is followed again afterwards', async () => {
      const [one, two] = [`${prefix}m-1`, `${prefix}m-2`];
      const direct = new ConsulRegistry({ url, prefix });
      const first = await direct.register(process(one));
      await eventually('m-1', () => names() === one);
      await way.cut();
      await first.deregister();
      const second = await direct.register(process(two));
      await never('changed', () => names() !== one, 1500);
      await way.mend();
      await eventually('its successor', () => names() === two);
      await second.deregister();
    });

    it('is told again of who it has forgotten, and nobody is lost meanwhile', async () => {
      const ids = [`${prefix}m-1`, `${prefix}m-2`];
      const entries = await Promise.all(ids.map((id) => registry.register(process(id))));
      await eventually('both', () => names() === ids.join());
      const isMine = async () => (await mine()).filter(({ ID }) => ids.includes(ID)).length;
      await Promise.all(ids.map(forget));
      await never('nobody', () => names() === '', 500);
      await eventually('registered again', async () => (await isMine()) === 2, { deadlineMs: 6000 });
      await eventually('followed', () => names() === ids.join());
      await Promise.all(entries.map((entry) => entry.deregister()));
      expect(await isMine()).toBe(0);
      await never('back again', () => troubles.length > 99, 2500);
      expect(await isMine()).toBe(0);
    }, 20_000);
  });
});
