import type { Floor } from './floors/floor.js';
import { clean } from './load/checks.js';
import type { Percentiles } from './load/histogram.js';
import type { ProfileSummary } from './machine/cpu-profile.js';
import type { MeasuredRun } from './workloads/measured-run.js';
import type { FaultRun } from './workloads/w11.js';

const ms = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const latencies = ({ p50Ms, p99Ms, p999Ms }: Percentiles) => `${ms(p50Ms)} / ${ms(p99Ms)} / ${ms(p999Ms)}`;
const thousands = (value: number) => Math.round(value).toLocaleString('en');

/** One run in one line, while others still go on. */
export function runLine(label: string, run: MeasuredRun): string {
  return [
    label,
    `${thousands(run.offeredPerSecond)}/s offered, ${thousands(run.actualPerSecond)}/s acked`,
    `ack p99 ${ms(run.ack.p99Ms)} ms, delivery p99 ${ms(run.delivery.p99Ms)} ms`,
    `${run.serverMicrosPerMessage.toFixed(0)} + ${run.generatorMicrosPerMessage.toFixed(0)} µs`,
    `others ${run.othersPercent.toFixed(0)} %`,
    verdict(run),
  ].join('  ');
}

function verdict(run: MeasuredRun): string {
  const refused = Object.entries(run.refused).map(([code, count]) => `${code} ×${count}`);
  const unanswered = run.sent - run.acked - Object.values(run.refused).reduce((sum, count) => sum + count, 0);
  return [
    ...(clean(run.found) ? [] : [JSON.stringify(run.found)]),
    ...refused,
    ...(unanswered > 0 ? [`unanswered ×${unanswered}`] : []),
    ...(run.receipts.missing > 0 ? [`receipts missing ×${run.receipts.missing}`] : []),
    ...(run.disconnected > 0 ? [`disconnected ×${run.disconnected}`] : []),
  ].join(' ');
}

type Row = [string, ...string[]];

export function table(rows: Row[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n');
}

export function runTable(runs: MeasuredRun[]): string {
  const columns: [string, (run: MeasuredRun) => string][] = [
    ['offered /s', (run) => thousands(run.offeredPerSecond)],
    ['acked /s', (run) => thousands(run.actualPerSecond)],
    ['ack ms p50 / p99 / p99.9', (run) => latencies(run.ack)],
    ['delivery ms p50 / p99 / p99.9', (run) => latencies(run.delivery)],
    ['server CPU µs per message', (run) => run.serverMicrosPerMessage.toFixed(1)],
    ...partColumns(runs),
    ['generator CPU µs per message', (run) => run.generatorMicrosPerMessage.toFixed(1)],
    ['other processes, % of machine', (run) => run.othersPercent.toFixed(0)],
    ['generator late ms, max', (run) => ms(run.generatorLateMs)],
    ['server RSS MiB, peak', (run) => run.rssPeakMiB.toFixed(0)],
    ['sent, acked, delivered', (run) => `${run.sent}, ${run.acked}, ${run.delivered}`],
    ['lost, duplicate, out of order, gaps', (run) => Object.values(run.found).slice(0, 4).join(', ')],
    ['ack differs from event', (run) => String(run.found.ackMismatch)],
    ['receipts sent, seen, missing', (run) => Object.values(run.receipts).join(', ')],
    ['else', (run) => verdict(run) || '–'],
  ];
  return table(columns.map(([title, cell]) => [title, ...runs.map(cell)]));
}

/** One row per part, where there are several. */
function partColumns(runs: MeasuredRun[]): [string, (run: MeasuredRun) => string][] {
  const parts = [...new Set(runs.flatMap((run) => Object.keys(run.microsByPart)))];
  if (parts.length < 2) return [];
  return parts.map((part) => [`  of that ${part}`, (run) => (run.microsByPart[part] ?? 0).toFixed(1)]);
}

export function faultTable(faults: readonly FaultRun[]): string {
  const rows = faults.map(({ fault, run, backInLimitMs }): Row => {
    const { lost, duplicate, outOfOrder, gaps } = run.found;
    return [
      fault,
      `${run.sent}, ${run.acked}, ${run.delivered}`,
      [lost, duplicate, outOfOrder, gaps].join(', '),
      backInLimitMs === undefined ? 'not within the run' : (backInLimitMs / 1000).toFixed(1),
      verdict(run) || '–',
    ];
  });
  return table([
    ['fault', 'sent, acked, delivered', 'lost, duplicate, out of order, gaps', 'acks p99 <= 100 ms again, s', 'else'],
    ...rows,
  ]);
}

/** Each floor as often as it was measured. */
export function floorTable(floors: Floor[]): string {
  const names = [...new Set(floors.map((floor) => floor.name))];
  const rows = names.map((name): Row => {
    const own = floors.filter((floor) => floor.name === name);
    return [
      name,
      own.map((floor) => thousands(floor.perSecond)).join(' | '),
      own.map((floor) => floor.cpuMicros.toFixed(1)).join(' | '),
    ];
  });
  return table([['floor', 'per s', 'CPU µs'], ...rows]);
}

export function profileTables({ busyMs, functions, files, packages }: ProfileSummary): string {
  const part = (title: string, shares: ProfileSummary['files'], count: number) =>
    table([
      [title, 'self ms', '%'],
      ...shares.slice(0, count).map((one): Row => [one.name, one.selfMs.toFixed(0), one.percent.toFixed(1)]),
    ]);
  return [
    `busy ${(busyMs / 1000).toFixed(1)} s`,
    part('package', packages, 25),
    part('file', files, 30),
    part('function', functions, 45),
  ].join('\n\n');
}
