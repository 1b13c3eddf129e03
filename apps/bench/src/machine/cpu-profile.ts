import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What V8's profiler writes: a tree of functions, and which of them ran at each sample. */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

export interface Share {
  name: string;
  selfMs: number;
  /** Of all time that was not idle. */
  percent: number;
}

export interface ProfileSummary {
  busyMs: number;
  functions: Share[];
  files: Share[];
  packages: Share[];
}

export function readProfiles(directory: string): ProfileSummary {
  const profiles = readdirSync(directory)
    .filter((name) => name.endsWith('.cpuprofile'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as CpuProfile);
  return summarize(profiles);
}

/** Time by the function that was on top of the stack. Profiles of several threads add up. */
export function summarize(profiles: CpuProfile[]): ProfileSummary {
  const functions = new Map<string, number>();
  const files = new Map<string, number>();
  const packages = new Map<string, number>();
  let busyMs = 0;
  for (const profile of profiles) {
    const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    for (const [index, id] of profile.samples.entries()) {
      const frame = frames.get(id);
      if (!frame || frame.functionName === '(idle)') continue;
      const ms = (profile.timeDeltas[index] ?? 0) / 1000;
      busyMs += ms;
      const file = shortPath(frame.url);
      add(functions, `${frame.functionName || '(anonymous)'} ${file}:${frame.lineNumber + 1}`, ms);
      add(files, file, ms);
      add(packages, packageOf(file), ms);
    }
  }
  const top = (times: Map<string, number>): Share[] =>
    [...times]
      .map(([name, selfMs]) => ({ name, selfMs, percent: (selfMs / busyMs) * 100 }))
      .sort((a, b) => b.selfMs - a.selfMs);
  return { busyMs, functions: top(functions), files: top(files), packages: top(packages) };
}

const add = (times: Map<string, number>, key: string, ms: number) => times.set(key, (times.get(key) ?? 0) + ms);

function shortPath(url: string): string {
  if (url === '') return '(native)';
  const path = url.replace(/^file:\/\//, '');
  const inModules = path.lastIndexOf('/node_modules/');
  if (inModules >= 0) return path.slice(inModules + '/node_modules/'.length);
  return path.replace(/^.*\/((?:apps|libs)\/)/, '$1');
}

/** `socket.io-parser/build/…` → `socket.io-parser`, `libs/core/message/dist/…` → `libs/core/message`. */
function packageOf(file: string): string {
  const parts = file.split('/');
  if (/^(apps|libs)$/.test(parts[0] ?? '')) return file.split('/dist/')[0] as string;
  return file.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string);
}
