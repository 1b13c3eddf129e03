import { askRedis } from '../ask/redis.mjs';

/** Redis that forgets on purpose: nothing that is lost with it may be lost for good. Takes one port. */
export const redis = {
  name: 'redis',
  title: 'Redis',
  system: [{ command: 'redis-server', package: 'redis-server' }],
  version: { command: ['redis-server', '--version'], pattern: /v=([\d.]+)/ },
  stopWithinMs: 10_000,
  readyWithinMs: 20_000,
  command: ({ layout, ports }) => ({
    command: 'redis-server',
    args: [
      '--bind',
      '127.0.0.1',
      '--port',
      String(ports.redis),
      '--dir',
      layout.data('redis'),
      '--save',
      '',
      '--appendonly',
      'no',
    ],
  }),
  describe: ({ ports }) => ({ redis: { url: `redis://127.0.0.1:${ports.redis}` } }),
  ask: ({ redis: place }) => askRedis(place),
  address: ({ redis: place }) => new URL(place.url).host,
};
