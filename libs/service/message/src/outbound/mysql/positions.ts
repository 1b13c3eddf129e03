/** Last commit of each writer, by slot. Names a state of the whole log; slots that never wrote are left out. */
export type Vector = ReadonlyMap<number, number>;

export interface Position {
  term: string;
  vector: Vector;
}

export function vectorText(vector: Vector): string {
  return [...vector].map(([slot, commitNo]) => `${slot.toString(36)}-${commitNo.toString(36)}`).join('_');
}

export function vectorOf(text: string): Vector {
  if (text === '') return new Map();
  return new Map(
    text.split('_').map((part) => {
      const [slot = '', commitNo = ''] = part.split('-');
      return [Number.parseInt(slot, 36), Number.parseInt(commitNo, 36)];
    }),
  );
}

export function vectorOfRows(rows: readonly { slot: number; commit_no: number }[]): Vector {
  return new Map(rows.filter((row) => row.commit_no > 0).map((row) => [row.slot, row.commit_no]));
}

export function positionText({ term, vector }: Position): string {
  return vector.size === 0 ? term : `${term}_${vectorText(vector)}`;
}

/** Undefined for anything that no server made. */
export function positionOf(text: string): Position | undefined {
  if (!/^[0-9a-f]{12}(_[0-9a-f]-[0-9a-z]{1,10})*$/.test(text)) return undefined;
  return { term: text.slice(0, 12), vector: vectorOf(text.slice(13)) };
}

/** Whether everything that `earlier` holds is held by `later`. */
export function isWithin(earlier: Vector, later: Vector): boolean {
  return [...earlier].every(([slot, commitNo]) => commitNo <= (later.get(slot) ?? 0));
}
