import type { Clause } from './query.js';
import { type Unit, unitsOf } from './units.js';

/** A part of a snippet. */
export interface SnippetPart {
  text: string;
  match: boolean;
}

type Range = readonly [start: number, end: number];

const BEFORE = 40;
const LENGTH = 200;
/** As far as a cut moves to fall between words, where there are any. */
const WORD = 16;
const CUT = '…';

/**
 * A piece of the text that has most of what was looked for, with the matches marked, or undefined where a clause matches nowhere.
 * Without clauses (a search by sender or type) it is the beginning.
 */
export function snippetOf(texts: readonly string[], clauses: readonly Clause[]): SnippetPart[] | undefined {
  const found = texts.map((text) => ({ text, ranges: [] as Range[] }));
  const units = texts.map(unitsOf);
  for (const clause of clauses) {
    let matches = false;
    for (const [i, one] of found.entries()) {
      const ranges = occurrences(clause, units[i] ?? []);
      one.ranges.push(...ranges);
      matches ||= ranges.length > 0;
    }
    if (!matches) return undefined;
  }
  const [best] = found.sort((a, b) => b.ranges.length - a.ranges.length);
  return best === undefined ? [] : cut(best.text, joined(best.ranges));
}

function occurrences({ units: wanted, open }: Clause, units: readonly Unit[]): Range[] {
  const ranges: Range[] = [];
  for (let i = 0; i + wanted.length <= units.length; i += 1) {
    const fits = wanted.every((want, j) => {
      const unit = units[i + j] as Unit;
      if (j > 0 && want.glued && !unit.glued) return false;
      if (open && j === wanted.length - 1) return !unit.dense && unit.text.startsWith(want.text);
      return unit.text === want.text;
    });
    if (fits) ranges.push([(units[i] as Unit).start, (units[i + wanted.length - 1] as Unit).end]);
  }
  return ranges;
}

function joined(ranges: readonly Range[]): Range[] {
  const result: [number, number][] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

function cut(text: string, ranges: readonly Range[]): SnippetPart[] {
  const first = ranges[0]?.[0] ?? 0;
  const from = first <= BEFORE ? 0 : wordFrom(text, first - BEFORE);
  const to = text.length - from <= LENGTH ? text.length : between(text, from + LENGTH);
  const parts: SnippetPart[] = [];
  const add = (start: number, end: number, match: boolean) => {
    if (end > start) parts.push({ text: text.slice(start, end), match });
  };
  let at = from;
  for (const [start, end] of ranges) {
    if (start >= to) break;
    add(at, start, false);
    at = Math.min(end, to);
    add(start, at, true);
  }
  add(at, to, false);
  if (from > 0) parts.unshift({ text: CUT, match: false });
  if (to < text.length) parts.push({ text: CUT, match: false });
  return parts;
}

/** The next word, unless it is far. */
function wordFrom(text: string, at: number): number {
  const space = /\s+/u.exec(text.slice(at - 1, at + WORD));
  return space === null ? between(text, at) : at - 1 + space.index + space[0].length;
}

/** Not within a surrogate pair, and not before a mark. */
function between(text: string, at: number): number {
  let place = at;
  while (place < text.length && /^[\p{M}\u200d\udc00-\udfff]/u.test(text.slice(place, place + 2))) place += 1;
  return place;
}
