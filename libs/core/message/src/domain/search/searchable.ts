import type { EventRow } from '../log-rows.js';
import { senderTerm, termsOf, typeTerm } from './terms.js';
import { unitsOf } from './units.js';

/** UTF-16 units of one message that are searched: twice the longest text, where forwarded histories are longer. */
const MAX_TEXT = 32 * 1024;

interface Content {
  text?: unknown;
  caption?: unknown;
  name?: unknown;
  title?: unknown;
  items?: unknown;
}

/** The texts of a message that people look for: text, caption, file name, title, and what was forwarded. */
export function textsOf(row: Pick<EventRow, 'messageType' | 'recalledAt' | 'data'>): string[] {
  if (row.messageType === '' || row.messageType === 'custom' || row.recalledAt !== 0 || row.data === '') return [];
  const { text, caption, name, title, items } = (JSON.parse(row.data) ?? {}) as Content;
  const forwarded = Array.isArray(items) ? items.map((item: { text?: unknown } | null) => item?.text) : [];
  let room = MAX_TEXT;
  return [text, caption, name, title, ...forwarded].flatMap((value) => {
    if (typeof value !== 'string' || value === '' || room <= 0) return [];
    const kept = value.slice(0, room);
    room -= kept.length;
    return [kept];
  });
}

/** What the index keeps of a message; nothing of one that was recalled, or is none. */
export function entryOf(row: Pick<EventRow, 'messageType' | 'recalledAt' | 'data' | 'actorId'>): string[] {
  if (row.messageType === '' || row.recalledAt !== 0) return [];
  const type = typeTerm(row.messageType);
  return [senderTerm(row.actorId), ...(type === undefined ? [] : [type]), ...termsOf(textsOf(row).map(unitsOf))];
}
