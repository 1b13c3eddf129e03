import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from '../../lib/exec.mjs';
import { StepFailed } from '../../lib/step.mjs';
import { askMysql } from '../ask/mysql.mjs';

const USER = 'parley';
/** The server refuses to run as root unless it is told that this is meant; in containers there is nobody else. */
const asRoot = () => (process.getuid?.() === 0 ? ['--user=root'] : []);

const folder = (layout) => join(layout.data('mysql'), 'db');

/** Run at each start, so that the account follows the password. `%`, because names are not resolved; only loopback is listened on. */
const accounts = (password) => `
CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${password}';
ALTER USER '${USER}'@'%' IDENTIFIED BY '${password}';
GRANT ALL PRIVILEGES ON *.* TO '${USER}'@'%';
`;

async function makeDatabase(layout) {
  const directory = folder(layout);
  // Written last: what a killed attempt left is no database.
  const made = join(layout.data('mysql'), 'made');
  if (existsSync(made)) return;
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  // Without the test database there is no anonymous account either, which would shadow ours on localhost.
  const { code, output } = await exec('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${directory}`,
    '--skip-test-db',
    '--skip-name-resolve',
    ...asRoot(),
  ]);
  if (code !== 0) throw new StepFailed(`MariaDB could not make its data folder ${directory}.`, output);
  writeFileSync(made, '');
}

/** MariaDB, with a data folder and port of its own. Takes one port. */
export const mysql = {
  name: 'mysql',
  title: 'MariaDB',
  system: [
    { command: 'mariadbd', package: 'mariadb-server-core' },
    { command: 'mariadb-install-db', package: 'mariadb-server-core' },
    { command: 'my_print_defaults', package: 'mariadb-client-core' },
  ],
  version: { command: ['mariadbd', '--no-defaults', '--version'], pattern: /Ver ([\d.]+)/ },
  stopWithinMs: 30_000,
  readyWithinMs: 60_000,
  async prepare({ layout, secrets }) {
    await makeDatabase(layout);
    writeFileSync(join(layout.data('mysql'), 'accounts.sql'), accounts(secrets.mysql), { mode: 0o600 });
  },
  command: ({ layout, ports }) => ({
    command: 'mariadbd',
    args: [
      '--no-defaults',
      ...asRoot(),
      `--datadir=${folder(layout)}`,
      '--bind-address=127.0.0.1',
      `--port=${ports.mysql}`,
      // Relative to the data folder: the path of a socket may have 107 bytes only.
      '--socket=mariadb.sock',
      '--pid-file=mariadb.pid',
      `--init-file=${join(layout.data('mysql'), 'accounts.sql')}`,
      '--skip-name-resolve',
      // An acked message survives a loss of power (G1).
      '--innodb-flush-log-at-trx-commit=1',
      '--innodb-buffer-pool-size=512M',
      '--innodb-log-file-size=128M',
      '--max-connections=800',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_bin',
    ],
  }),
  describe: ({ ports, secrets }) => ({ mysql: { url: `mysql://${USER}:${secrets.mysql}@127.0.0.1:${ports.mysql}` } }),
  ask: ({ mysql: place }) => askMysql(place),
  address: ({ mysql: place }) => new URL(place.url).host,
};
