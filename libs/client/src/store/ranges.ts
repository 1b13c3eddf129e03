/** Sequence numbers from the first to the second, both included. */
export type Range = readonly [from: number, to: number];

/** Sorted and apart: neighbours that touch are one. */
export function addRange(ranges: readonly Range[], added: Range): readonly Range[] {
  let [from, to] = added;
  if (to < from) return ranges;
  const before: Range[] = [];
  const after: Range[] = [];
  for (const range of ranges) {
    if (range[1] < from - 1) before.push(range);
    else if (range[0] > to + 1) after.push(range);
    else [from, to] = [Math.min(from, range[0]), Math.max(to, range[1])];
  }
  return [...before, [from, to], ...after];
}

export function rangeAt(ranges: readonly Range[], seq: number): Range | undefined {
  return ranges.find(([from, to]) => from <= seq && seq <= to);
}

export function covers(ranges: readonly Range[], [from, to]: Range): boolean {
  if (to < from) return true;
  const range = rangeAt(ranges, from);
  return range !== undefined && range[1] >= to;
}
