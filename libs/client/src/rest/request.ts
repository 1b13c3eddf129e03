import type { OperationName } from '../api.js';

export interface AnyRequest {
  params?: Record<string, string> | undefined;
  query?: Record<string, unknown> | undefined;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Method and URL of an operation: path parameters filled in, lists in the query as repeated names. */
export function locate(
  base: string,
  name: OperationName,
  { params, query }: AnyRequest,
): { method: string; url: string } {
  const space = name.indexOf(' ');
  const path = name.slice(space + 1).replaceAll(/\{(\w+)\}/g, (_, key: string) => {
    const value = params?.[key];
    if (value === undefined) throw new TypeError(`${name} wants params.${key}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {}))
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (one !== undefined) search.append(key, String(one));
  const text = search.toString();
  return { method: name.slice(0, space), url: `${base}/api/v1${path}${text && `?${text}`}` };
}
