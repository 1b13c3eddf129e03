import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

export interface Cost {
  cpuMs: number;
  rssMiB: number;
}

/** Linux tells what a process has used in files; elsewhere the costs are reported as not measured. */
const PROC = existsSync('/proc/self/stat');
const TICK_MS = PROC ? 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : Number.NaN;

// Fields of /proc/<pid>/stat after the command name, see proc(5): utime is the 14th of all, stime the 15th.
const UTIME = 14 - 3;
const STIME = 15 - 3;

/** Processor time of all threads since the start, and resident memory now. Nothing for a process that has ended. */
export function costOf(pid: number): Cost {
  if (!PROC) return { cpuMs: Number.NaN, rssMiB: Number.NaN };
  if (!existsSync(`/proc/${pid}/status`)) return { cpuMs: 0, rssMiB: 0 };
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const rssKiB = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuMs: (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_MS, rssMiB: Number(rssKiB) / 1024 };
}

export interface MachineTime {
  busyMs: number;
  /** Of all processors together, busy or not. */
  totalMs: number;
}

/** Processor time of everything that runs on this machine. Tells a run that others disturbed from one that is slow. */
export function machineTime(): MachineTime {
  if (!PROC) return { busyMs: Number.NaN, totalMs: Number.NaN };
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user nice system idle iowait irq softirq steal; guest time is in user already.
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const [idle = 0, waiting = 0] = ticks.slice(3, 5);
  return { busyMs: (total - idle - waiting) * TICK_MS, totalMs: total * TICK_MS };
}

/** Highest resident memory while `work` runs, asked once a second. */
export async function withPeakMemory<T>(
  rssMiB: () => number,
  work: () => Promise<T>,
): Promise<{ result: T; peakMiB: number }> {
  let peakMiB = rssMiB();
  const timer = setInterval(() => {
    peakMiB = Math.max(peakMiB, rssMiB());
  }, 1000);
  try {
    return { result: await work(), peakMiB };
  } finally {
    clearInterval(timer);
  }
}
