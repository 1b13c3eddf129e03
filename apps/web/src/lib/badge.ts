/** What fits into a badge. */
export function countText(count: number): string {
  return count > 999 ? '999+' : String(Math.max(0, Math.trunc(count)));
}

/** `(3) Ada · Parley`: unread first, since tabs are cut at the end. Mentions are marked: they want somebody. */
export function pageTitle(parts: {
  unread: number;
  mentions: number;
  place?: string | undefined;
  app: string;
}): string {
  const where = parts.place === undefined || parts.place === '' ? parts.app : `${parts.place} · ${parts.app}`;
  if (parts.unread <= 0 && parts.mentions <= 0) return where;
  const count = countText(Math.max(parts.unread, parts.mentions));
  return `(${count}${parts.mentions > 0 ? ' @' : ''}) ${where}`;
}
