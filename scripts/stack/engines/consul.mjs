import { askConsul } from '../ask/http.mjs';
import { build, GO } from '../get/golang.mjs';

const VERSION = '1.22.3';

/**
 * One Consul server, its own leader. Unlike `-dev` it keeps its data, as a real one does: a restart forgets no registration.
 * Takes three ports: HTTP, raft, gossip.
 */
export const consul = {
  name: 'consul',
  title: 'Consul',
  system: [],
  cached: { path: 'consul', stamp: VERSION },
  tools: [GO],
  version: VERSION,
  stopWithinMs: 15_000,
  readyWithinMs: 60_000,
  get: (context) => build(context, { module: `github.com/hashicorp/consul@v${VERSION}`, binary: 'consul' }),
  command: ({ layout, ports }) => ({
    command: layout.bin('consul'),
    args: [
      'agent',
      '-server',
      '-bootstrap-expect=1',
      `-data-dir=${layout.data('consul')}`,
      '-node=parley',
      '-bind=127.0.0.1',
      '-client=127.0.0.1',
      `-http-port=${ports.consul}`,
      `-server-port=${ports.consul + 1}`,
      `-serf-lan-port=${ports.consul + 2}`,
      '-serf-wan-port=-1',
      '-dns-port=-1',
      '-grpc-port=-1',
      '-grpc-tls-port=-1',
      '-log-level=warn',
      '-hcl=disable_update_check = true',
      // The defaults allow for slow networks: an election of one server would take 10 s.
      '-hcl=performance { raft_multiplier = 1 }',
      // Every process on this machine is the same client to it.
      '-hcl=limits { http_max_conns_per_client = 4000 }',
    ],
  }),
  describe: ({ ports }) => ({ consul: { url: `http://127.0.0.1:${ports.consul}` } }),
  ask: ({ consul: place }) => askConsul(place),
  address: ({ consul: place }) => new URL(place.url).host,
};
