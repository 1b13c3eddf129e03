import type { Input } from '../command.js';
import { textOption } from '../command.js';
import { WrongUsage } from '../failure.js';

/** The server's limit. */
const PAGE = 100;

interface Page<T> {
  items: T[];
  nextCursor?: string | undefined;
}

export const limitOption = { limit: { type: 'string' } } as const;

export function limitOf(input: Input, command: string): number {
  const text = textOption(input, 'limit') ?? String(PAGE);
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new WrongUsage('--limit takes a whole number from 1 on.', command);
  return Number(text);
}

/** Page after page until `limit` items are there; `note` says that there would be more. */
export async function collect<T>(
  limit: number,
  ask: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<{ items: T[]; note?: string }> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask({
      limit: Math.min(PAGE, limit - items.length),
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < limit);
  return {
    items,
    ...(cursor === undefined ? {} : { note: `There are more: --limit ${limit * 10} shows more of them.` }),
  };
}
