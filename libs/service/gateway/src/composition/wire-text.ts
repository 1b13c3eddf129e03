import type { commonV1 } from '@parley/contracts/rpc';

/** Between the services' wire (milliseconds, empty text for nothing) and the public one (ISO 8601, absent for nothing). */

export const iso = (ms: number): string => new Date(ms).toISOString();

export function ifSet<K extends string>(field: K, value: string): Partial<Record<K, string>> {
  return value === '' ? {} : ({ [field]: value } as Record<K, string>);
}

/** Of a query with the usual page parameters. */
export function pageRequest(query: { cursor?: string | undefined; limit?: number | undefined }): commonV1.PageRequest {
  return { cursor: query.cursor ?? '', limit: query.limit ?? 0 };
}

export const nextCursor = (cursor: string) => ifSet('nextCursor', cursor);
