import { describe, expect, it } from 'vitest';
import {
  canonical,
  completeReplicas,
  MOST_REPLICAS,
  nodeOf,
  parseReplicas,
  planOf,
  SERVICES,
} from '../../cluster/plan.mjs';
import { parseCluster } from '../../cluster/run.mjs';
import { engineEnv, nodeEnv, passedOn } from '../../cluster/settings.mjs';

const BASES = { basePort: 27_000, httpPort: 8080 };
const most = Object.fromEntries(SERVICES.map((service) => [service, MOST_REPLICAS]));

describe('replicas', () => {
  it('are one of each where nothing is said, and a gateway is an api-gateway', () => {
    const replicas = completeReplicas(parseReplicas('gateway=2,message=3'));
    expect(replicas).toMatchObject({ 'api-gateway': 2, message: 3, identity: 1 });
    expect(Object.keys(replicas)).toEqual(SERVICES);
  });

  it('are refused for services and numbers that do not exist', () => {
    expect(() => parseReplicas('gateway:2')).toThrow(/^--replicas: write gateway=2,message=2, not "gateway:2"/);
    expect(() => completeReplicas({ chat: 2 })).toThrow(/^There is no service "chat"/);
    expect(() => completeReplicas({ message: MOST_REPLICAS + 1 })).toThrow(/from 0 to 20/);
  });
});

describe('the plan', () => {
  it('gives no port twice', () => {
    const ports = planOf(most, BASES).flatMap((node) => Object.values(node.ports));
    expect(new Set(ports).size).toBe(ports.length);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('keeps the ports of a process when there are more of others', () => {
    const few = planOf(completeReplicas({}), BASES);
    const many = planOf(completeReplicas({ identity: 3, message: 2 }), BASES);
    for (const node of few) expect(many).toContainEqual(node);
  });

  it('gives gateways doors a hundred apart', () => {
    const gateways = planOf(completeReplicas({ gateway: 2 }), BASES).filter(({ httpUrl }) => httpUrl);
    expect(gateways.map(({ name, httpUrl }) => [name, httpUrl])).toEqual([
      ['gateway-1', 'http://127.0.0.1:8080'],
      ['gateway-2', 'http://127.0.0.1:8180'],
    ]);
  });

  it('knows one process under both names of a gateway', () => {
    expect(canonical('api-gateway-2')).toBe('gateway-2');
    expect(canonical('message-1')).toBe('message-1');
    expect(canonical('all')).toBe('all');
  });
});

describe('settings of a process', () => {
  const engines = {
    mysql: { url: 'mysql://u:p@127.0.0.1:1' },
    redis: { url: 'redis://127.0.0.1:2' },
    kafka: { brokers: ['127.0.0.1:3', '127.0.0.1:4'] },
    s3: { endpoint: 'http://e', publicUrl: 'http://p', accessKey: 'a', secretKey: 's', region: 'r' },
    consul: { url: 'http://c' },
  };

  it('name the engines', () => {
    expect(engineEnv(engines)).toMatchObject({
      PARLEY_KAFKA_BROKERS: '127.0.0.1:3,127.0.0.1:4',
      PARLEY_S3_PUBLIC_URL: 'http://p',
    });
    expect(engineEnv({ ...engines, turn: { url: 'turn:h:1', secret: 'x' } })).toMatchObject({
      PARLEY_TURN_SECRET: 'x',
    });
  });

  it('are refused with what to do when an engine is not up', () => {
    const rest = { ...engines, kafka: undefined, consul: undefined };
    expect(() => engineEnv(rest)).toThrow(/needs kafka, consul, which is not up: run `npm run stack -- up` first/);
  });

  it('are its own name, ports and folder', () => {
    const env = nodeEnv(nodeOf('api-gateway', 2, BASES), '/srv/cluster');
    expect(env).toMatchObject({
      PARLEY_INSTANCE: 'gateway-2',
      PARLEY_HTTP_PORT: '8180',
      PARLEY_DATA_DIR: '/srv/cluster/data/gateway-2',
    });
    expect(nodeEnv(nodeOf('message', 1, BASES), '/srv')).not.toHaveProperty('PARLEY_HTTP_PORT');
  });

  it('are those of the caller, but for what is about the stack and the tests', () => {
    const env = { PARLEY_LOG_LEVEL: 'warn', PARLEY_STACK_DIR: '/x', PARLEY_REQUIRE_ENGINES: 'on', HOME: '/root' };
    expect(passedOn(env)).toEqual({ PARLEY_LOG_LEVEL: 'warn' });
  });
});

describe('the command line of the cluster', () => {
  it('takes one name where it is about one process', () => {
    expect(parseCluster(['kill', 'message-1'])).toMatchObject({ command: 'kill', name: 'message-1' });
    expect(parseCluster(['logs', '-f', 'gateway-1'])).toMatchObject({ name: 'gateway-1', follow: true });
    expect(() => parseCluster(['kill'])).toThrow(/^Say which one/);
    expect(() => parseCluster(['status', 'message-1'])).toThrow(/takes no name/);
  });

  it('takes replicas in both ways of writing an option', () => {
    expect(parseCluster(['up', '--replicas', 'gateway=2']).replicas).toEqual({ 'api-gateway': 2 });
    expect(parseCluster(['up', '--replicas=message=2']).replicas).toEqual({ message: 2 });
    expect(() => parseCluster(['up', '--replica', 'x=1'])).toThrow(/^Write: npm run cluster/);
  });
});
