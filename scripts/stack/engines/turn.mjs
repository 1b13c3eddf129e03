import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../lib/root.mjs';
import { askTurn } from '../ask/turn.mjs';

/** What holds wherever the relay runs: whom it relays to, and how much. */
const POLICY = 'deploy/turn/turnserver.conf';

const local = ({ layout, ports, secrets }) => `
# This machine only; made by \`npm run stack\`.
listening-ip=127.0.0.1
relay-ip=127.0.0.1
listening-port=${ports.turn}
min-port=${ports.turn + 1}
max-port=${ports.turn + 100}
static-auth-secret=${secrets.turn}
pidfile=${join(layout.data('turn'), 'turnserver.pid')}
userdb=${join(layout.data('turn'), 'turndb')}
`;

/** coturn. Takes 101 ports: its own, and 100 to relay on. */
export const turn = {
  name: 'turn',
  title: 'coturn',
  system: [{ command: 'turnserver', package: 'coturn' }],
  version: { command: ['turnserver', '--version'], pattern: /^([\d.]+)/m },
  stopWithinMs: 5_000,
  readyWithinMs: 20_000,
  prepare: async (context) => {
    const file = join(context.layout.data('turn'), 'turnserver.conf');
    writeFileSync(file, readFileSync(at(POLICY), 'utf8') + local(context), { mode: 0o600 });
  },
  command: ({ layout }) => ({
    command: 'turnserver',
    args: ['-c', join(layout.data('turn'), 'turnserver.conf'), '--log-file=stdout', '--simple-log'],
  }),
  describe: ({ ports, secrets }) => ({
    turn: { url: `turn:127.0.0.1:${ports.turn}?transport=udp`, secret: secrets.turn },
  }),
  ask: ({ turn: place }) => askTurn(place),
  address: ({ turn: place }) => place.url.replace(/^turn:|\?.*$/g, ''),
};
