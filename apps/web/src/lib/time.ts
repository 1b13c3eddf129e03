/** Times as people write them, in a language. `now` and `at` in ms since the epoch; a day is a day of this device's calendar. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let known = formats.get(key);
  // Making one costs a thousand times as much as using one.
  if (known === undefined) formats.set(key, (known = new Intl.DateTimeFormat(locale, options)));
  return known;
}

/** The reader's own variant of a language, British times for a Briton: the first of `wanted` that is of it. */
export function localeFor(language: string, wanted: readonly string[]): string {
  const base = language.split('-')[0] ?? language;
  return wanted.find((tag) => tag === base || tag.startsWith(`${base}-`)) ?? language;
}

/** Whole days of the calendar between two moments; 0 on the same day, also over a change of the clock. */
export function daysBetween(earlier: number, later: number): number {
  const day = (at: number): number => {
    const date = new Date(at);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000;
  };
  return day(later) - day(earlier);
}

export function clockTime(at: number, locale: string): string {
  return format(locale, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** In a list: the time today, `yesterday`, a weekday within the week, else the date. */
export function listTime(at: number, now: number, locale: string): string {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at, locale);
  if (days === 1) return capital(relative(locale).format(-1, 'day'), locale);
  if (days < 7) return format(locale, { weekday: 'short' }).format(at);
  if (new Date(at).getFullYear() === new Date(now).getFullYear())
    return format(locale, { day: 'numeric', month: 'short' }).format(at);
  return format(locale, { day: 'numeric', month: 'numeric', year: '2-digit' }).format(at);
}

/** Above the messages of a day. */
export function dayLabel(at: number, now: number, locale: string): string {
  const days = daysBetween(at, now);
  if (days === 0 || days === 1) return capital(relative(locale).format(-days, 'day'), locale);
  if (days > 1 && days < 7) return format(locale, { weekday: 'long' }).format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(locale, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? { weekday: 'short' } : { year: 'numeric' }),
  }).format(at);
}

/** Day and time in full: what a tooltip says. */
export function fullTime(at: number, locale: string): string {
  return format(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

export function longDate(at: number, locale: string): string {
  return format(locale, { dateStyle: 'long' }).format(at);
}

/** `5 minutes ago`; `now` within the last minute and for what a wrong clock puts into the future; a date after a week. */
export function ago(at: number, now: number, locale: string): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return relative(locale).format(0, 'second');
  if (minutes < 60) return relative(locale).format(-minutes, 'minute');
  if (minutes < 24 * 60) return relative(locale).format(-Math.floor(minutes / 60), 'hour');
  const days = daysBetween(at, now);
  if (days < 7) return relative(locale).format(-days, 'day');
  return format(locale, { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();
function relative(locale: string): Intl.RelativeTimeFormat {
  let known = relatives.get(locale);
  if (known === undefined) relatives.set(locale, (known = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })));
  return known;
}

function capital(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
