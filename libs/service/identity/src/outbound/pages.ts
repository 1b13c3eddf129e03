import { identityErrors } from '@parley/core-identity';
import type { Page, PageRequest } from '@parley/kernel';
import type { Row } from './rows.js';

type Position = (string | number)[];

/** Where a page ended, as an opaque cursor: the sort key of its last row. */
export function positionOf(page: PageRequest, columns: number): Position | undefined {
  if (page.cursor === undefined || page.cursor === '') return undefined;
  const wrong = identityErrors.invalid({ path: 'cursor', message: 'must be a cursor of this list' });
  let position: unknown;
  try {
    position = JSON.parse(Buffer.from(page.cursor, 'base64url').toString());
  } catch {
    throw wrong;
  }
  const isKey = (part: unknown) => typeof part === 'string' || typeof part === 'number';
  if (!Array.isArray(position) || position.length !== columns || !position.every(isKey)) throw wrong;
  return position as Position;
}

/** Makes a page of rows that were asked for with `limit + 1`. */
export function pageOfRows<T>(rows: Row[], page: PageRequest, keys: readonly string[], read: (row: Row) => T): Page<T> {
  const kept = rows.slice(0, page.limit);
  const last = kept.at(-1);
  return {
    items: kept.map(read),
    ...(rows.length > page.limit && last !== undefined
      ? { nextCursor: Buffer.from(JSON.stringify(keys.map((key) => last[key]))).toString('base64url') }
      : {}),
  };
}
