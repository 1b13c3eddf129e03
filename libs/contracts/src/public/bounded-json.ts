import { z } from 'zod';

/** Deeper than any real data. Far deeper ones end a recursion with a stack overflow: they must not reach one. */
const MAX_DEPTH = 16;
const utf8 = new TextEncoder();

/** No more UTF-8 bytes than that; counts them only where the length leaves a doubt. */
export const fits = (value: string, maxBytes: number): boolean =>
  value.length * 3 <= maxBytes || utf8.encode(value).length <= maxBytes;

function acceptable(value: unknown, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || !key.isWellFormed()) return false;
    if (!acceptable((value as Record<string, unknown>)[key], depth + 1)) return false;
  }
  return true;
}

/** Arbitrary JSON from a client: bounded in depth and size, well-formed, without keys that could reach a prototype. */
export const boundedJson = (maxKiB: number) =>
  z
    .unknown()
    .refine((value) => acceptable(value, 0), {
      message: `must be well-formed JSON at most ${MAX_DEPTH} levels deep`,
      abort: true,
    })
    .refine((value) => value === undefined || fits(JSON.stringify(value), maxKiB * 1024), {
      message: `must be at most ${maxKiB} KiB`,
      params: { code: 'limit.size' },
    });
