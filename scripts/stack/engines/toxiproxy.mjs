import { askToxiproxy } from '../ask/http.mjs';
import { GO, install } from '../get/golang.mjs';

const VERSION = '2.12.0';

/** What slows, cuts and stalls connections in the fault tests. Takes one port; those of the proxies are chosen by the tests. */
export const toxiproxy = {
  name: 'toxiproxy',
  title: 'toxiproxy',
  system: [],
  cached: { path: 'toxiproxy', stamp: VERSION },
  tools: [GO],
  version: VERSION,
  stopWithinMs: 5_000,
  readyWithinMs: 20_000,
  get: (context) =>
    install(context, {
      module: `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`,
      binary: 'toxiproxy',
      installedAs: 'server',
    }),
  command: ({ layout, ports }) => ({
    command: layout.bin('toxiproxy'),
    args: ['-host', '127.0.0.1', '-port', String(ports.toxiproxy)],
    env: { LOG_LEVEL: 'warn' },
  }),
  describe: ({ ports }) => ({ toxiproxy: { url: `http://127.0.0.1:${ports.toxiproxy}` } }),
  ask: ({ toxiproxy: place }) => askToxiproxy(place),
  address: ({ toxiproxy: place }) => new URL(place.url).host,
};
