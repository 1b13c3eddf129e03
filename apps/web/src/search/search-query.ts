import type { SearchQuery } from '@parley/client';

export interface Filters {
  q: string;
  conversationId: string;
  senderId: string;
  type: string;
  /** Days as a date field has them: `2026-11-21`. */
  since: string;
  until: string;
}

export const NO_FILTERS: Filters = { q: '', conversationId: '', senderId: '', type: '', since: '', until: '' };

/** What to ask the server; undefined where there is nothing to look for. Days are whole days where the reader is. */
export function searchQuery(filters: Filters, cursor?: string): SearchQuery | undefined {
  const q = filters.q.trim();
  if (q === '') return undefined;
  return {
    q,
    ...(filters.conversationId !== '' && { conversationId: filters.conversationId }),
    ...(filters.senderId !== '' && { senderId: filters.senderId }),
    ...(filters.type !== '' && { type: filters.type }),
    ...(filters.since !== '' && { from: new Date(`${filters.since}T00:00:00`).toISOString() }),
    ...(filters.until !== '' && { to: new Date(`${filters.until}T23:59:59.999`).toISOString() }),
    ...(cursor !== undefined && { cursor }),
  };
}

/** The filters of a URL, so that a search can be shared and Back brings it again. */
export function filtersOf(query: Readonly<Record<string, unknown>>): Filters {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  return {
    q: text('q'),
    conversationId: text('in'),
    senderId: text('by'),
    type: text('type'),
    since: text('since'),
    until: text('until'),
  };
}

export function urlOf(filters: Filters): Record<string, string> {
  const named = {
    q: filters.q,
    in: filters.conversationId,
    by: filters.senderId,
    type: filters.type,
    since: filters.since,
    until: filters.until,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== ''));
}
