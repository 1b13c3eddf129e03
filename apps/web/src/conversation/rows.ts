import type { MessageItem, NoticeItem, TimelineItem } from '@parley/client';
import { noticeText } from './notices';

/** What the timeline shows, one below the other. A row stays the same object as long as it looks the same. */
export type Row =
  | { kind: 'start'; key: string }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string }
  | { kind: 'notice'; key: string; at: string; seq: number; notice: NoticeItem }
  | MessageRow;

export interface MessageRow {
  kind: 'message';
  key: string;
  at: string;
  message: MessageItem;
  /** First of those that somebody sent in a row: has the name. */
  first: boolean;
  /** Last of them: has the avatar and the tail. */
  last: boolean;
}

export interface RowsInput {
  items: readonly TimelineItem[];
  hasOlder: boolean;
  /** In a conversation of two, nobody comes or goes: it begins with both. */
  direct?: boolean;
  /** The divider goes above the first message of others beyond this; undefined where there is nothing unread. */
  unreadAfter: number | undefined;
}

const GROUP_MS = 5 * 60_000;

interface Noted {
  at: number;
  day: number;
}
// Reading a date is what costs with ten thousand rows; an item never changes its time.
const noted = new WeakMap<object, Noted>();

function timesOf(item: object, iso: string): Noted {
  const known = noted.get(item);
  if (known !== undefined) return known;
  const date = new Date(iso);
  const times = {
    at: date.getTime(),
    day: (date.getFullYear() * 12 + date.getMonth()) * 31 + date.getDate(),
  };
  noted.set(item, times);
  return times;
}

export function buildRows(input: RowsInput, before: readonly Row[] = []): Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  const keep = <R extends Row>(row: R): Row => {
    const old = known.get(row.key);
    return old !== undefined && looksLike(old, row) ? old : row;
  };
  const rows: Row[] = [];
  let previous: { item: TimelineItem; times: Noted } | undefined;
  let wantsDivider = input.unreadAfter !== undefined;
  if (!input.hasOlder && input.items.length > 0) rows.push(keep({ kind: 'start', key: 'start' }));

  for (const item of input.items) {
    if (
      item.kind === 'notice' &&
      (noticeText(item.notice) === undefined || (input.direct === true && item.notice.type === 'member.joined'))
    )
      continue;
    const times =
      item.kind === 'message' ? timesOf(item.message, item.message.sentAt) : timesOf(item.notice, item.notice.at);
    // What the first row's day is, is not known before what is older: its line would move when that comes.
    const newDay = previous === undefined ? !input.hasOlder : previous.times.day !== times.day;
    const key = item.kind === 'message' ? item.message.key : item.notice.key;
    const at = item.kind === 'message' ? item.message.sentAt : item.notice.at;
    let broken = newDay;
    if (newDay) rows.push(keep({ kind: 'day', key: `day:${key}`, at }));
    if (wantsDivider && isUnread(item, input.unreadAfter)) {
      rows.push(keep({ kind: 'unread', key: 'unread' }));
      wantsDivider = false;
      broken = true;
    }
    if (item.kind === 'notice') rows.push(keep({ kind: 'notice', key, at, seq: item.notice.seq, notice: item.notice }));
    else {
      const joins =
        !broken &&
        previous?.item.kind === 'message' &&
        together(previous.item.message, item.message, previous.times, times);
      const above = rows.at(-1);
      if (joins && above?.kind === 'message') rows[rows.length - 1] = keep({ ...above, last: false });
      rows.push({ kind: 'message', key, at, message: item.message, first: !joins, last: true });
    }
    previous = { item, times };
  }
  return rows.map((row) => (row.kind === 'message' ? keep(row) : row));
}

function together(one: MessageItem, next: MessageItem, from: Noted, to: Noted): boolean {
  return one.senderId === next.senderId && to.at - from.at < GROUP_MS;
}

function isUnread(item: TimelineItem, after: number | undefined): boolean {
  if (item.kind !== 'message' || item.message.mine) return false;
  return after !== undefined && item.message.seq !== undefined && item.message.seq > after;
}

function looksLike(old: Row, row: Row): boolean {
  if (old.kind === 'message' && row.kind === 'message')
    return old.message === row.message && old.first === row.first && old.last === row.last;
  if (old.kind === 'notice' && row.kind === 'notice') return old.notice === row.notice;
  return old.kind === row.kind;
}

/** The place of a message or notice, by its key. */
export function indexOfKey(rows: readonly Row[], key: string): number {
  return rows.findIndex((row) => row.key === key);
}

interface Estimate {
  width: number;
  height: number;
}
// The list asks for all rows below one that was measured, each time: with ten thousand that has to be a look-up.
const estimates = new WeakMap<Row, Estimate>();

/** Rough heights, good enough that the bar does not jump before rows were measured. */
export function estimateHeight(row: Row | undefined, width: number): number {
  if (row === undefined) return 40;
  const known = estimates.get(row);
  if (known?.width === width) return known.height;
  const height = roughHeight(row, width);
  estimates.set(row, { width, height });
  return height;
}

function roughHeight(row: Row, width: number): number {
  if (row.kind !== 'message') return row.kind === 'start' ? 190 : 44;
  const { message } = row;
  const frame = 16 + (row.first ? 9 : 2) + (message.reactions?.length ? 30 : 0) + (message.replyTo ? 48 : 0);
  if (message.recalledAt !== undefined) return frame + 22;
  if (message.type === 'text') return frame + linesOf(String(message.content?.['text'] ?? ''), width) * 22;
  if (message.type === 'image' || message.type === 'video') return frame + 220;
  return frame + 68;
}

function linesOf(text: string, width: number): number {
  const perLine = Math.max(16, Math.min(width * 0.68, 560) / 7.6);
  let lines = 0;
  for (const line of text.split('\n')) lines += Math.max(1, Math.ceil(line.length / perLine));
  return lines;
}
