import { type AppendedRange, membersOf } from './appended.js';

/** UTF-16 units of events' data in one record: 1.5 MiB at most as UTF-8, where Kafka refuses 8 MiB. One event always fits. */
const MAX_RECORD = 512 * 1024;
/** Of one call of the event log, which has to be done within its deadline. */
const MAX_CALL = 4 * 1024 * 1024;
/** Of an event besides its data. */
const EVENT_OVERHEAD = 150;

/**
 * Ranges as the event log takes them: a commit may be larger than a record can be, and a record that is refused would keep all
 * that comes after it from leaving. ORDER: as given; the pieces of a range follow each other. One list per call.
 */
export function publishable(
  ranges: readonly AppendedRange[],
  limits = { record: MAX_RECORD, call: MAX_CALL },
): AppendedRange[][] {
  const calls: AppendedRange[][] = [];
  let call: AppendedRange[] = [];
  let size = 0;
  for (const range of ranges)
    for (const piece of piecesOf(range, limits.record)) {
      const added = sizeOf(piece.events);
      if (call.length > 0 && size + added > limits.call) {
        calls.push(call);
        call = [];
        size = 0;
      }
      call.push(piece);
      size += added;
    }
  if (call.length > 0) calls.push(call);
  return calls;
}

function piecesOf(range: AppendedRange, max: number): readonly AppendedRange[] {
  if (sizeOf(range.events) <= max) return [range];
  const pieces: AppendedRange['events'][] = [];
  let size = 0;
  for (const event of range.events) {
    const piece = pieces.at(-1);
    const added = sizeOf([event]);
    if (piece === undefined || size + added > max) {
      pieces.push([event]);
      size = added;
    } else {
      piece.push(event);
      size += added;
    }
  }
  return pieces.map((events) => ({ ...range, events, ...membersOf(events) }));
}

function sizeOf(events: AppendedRange['events']): number {
  let size = 0;
  for (const { dataJson } of events) size += dataJson.length + EVENT_OVERHEAD;
  return size;
}
