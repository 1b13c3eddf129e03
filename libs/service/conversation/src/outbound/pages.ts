import { type Member, rankOf } from '@parley/core-conversation';
import { DomainError, type Page, type PageRequest } from '@parley/kernel';

/** Of `limit + 1` items that were asked for: one page, and where the next one starts when there is one more. */
export function cutPage<T>(found: readonly T[], page: PageRequest, cursorOf: (last: T) => string): Page<T> {
  const items = found.slice(0, page.limit);
  const last = items.at(-1);
  return last === undefined || found.length <= page.limit ? { items } : { items, nextCursor: cursorOf(last) };
}

export function memberCursor(member: Member): string {
  return `${rankOf(member.role)}.${member.joinedAt}.${member.userId}`;
}

export function readMemberCursor(cursor: string): [rank: number, joinedAt: number, userId: string] {
  const match = /^([0-2])\.(\d{1,16})\.(.+)$/.exec(cursor);
  if (match === null)
    throw new DomainError('request.invalid', 'invalid', {
      message: 'The cursor is not one of this list.',
      errors: [{ path: 'query.cursor', message: 'must be a nextCursor of this list' }],
    });
  return [Number(match[1]), Number(match[2]), String(match[3])];
}
