export const MAX_BYTES = 16 * 1024;
const WARN_FROM = 0.9 * MAX_BYTES;

/** Bytes of UTF-8, which are what the server counts, that are left; said only near the end, negative beyond it. */
export function bytesLeft(text: string): number | undefined {
  // Most texts are far from the limit: three bytes a unit are the most there can be.
  if (text.length * 3 < WARN_FROM) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  return bytes >= WARN_FROM ? MAX_BYTES - bytes : undefined;
}
