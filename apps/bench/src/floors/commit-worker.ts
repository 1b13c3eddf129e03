import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Durable commits of 64 message-sized rows, as fast as this disk allows. Tells rows and milliseconds, then ends. */
const [folder, seconds] = process.argv.slice(2) as [string, string];
const directory = mkdtempSync(join(folder, 'commit-floor-'));
const database = new Database(join(directory, 'floor.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(
  'CREATE TABLE row (conversation TEXT, seq INTEGER, body TEXT, PRIMARY KEY (conversation, seq)) WITHOUT ROWID',
);
const insert = database.prepare('INSERT INTO row VALUES (?, ?, ?)');
const body = 'x'.repeat(400);
let rows = 0;
const batch = database.transaction(() => {
  for (let i = 0; i < 64; i++) insert.run(`c${rows % 1000}`, rows++, body);
});
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
while (performance.now() - startedAt < Number(seconds) * 1000) batch();
const ms = performance.now() - startedAt;
const cpu = process.cpuUsage(cpuBefore);
database.close();
rmSync(directory, { recursive: true });
process.send?.({ rows, ms, cpuMs: (cpu.user + cpu.system) / 1000 }, () => process.exit());
