import { describe, expect, it } from 'vitest';
import { ago, dayLabel, daysBetween, listTime, localeFor } from './time';

const at = (text: string): number => new Date(text).getTime();
const now = at('2026-03-18T14:30:00'); // A Wednesday.

describe('times in words', () => {
  it('says the time of today, and the date of long ago, in a list', () => {
    expect(listTime(at('2026-03-18T09:05:00'), now, 'en-GB')).toBe('9:05');
    expect(listTime(at('2026-03-17T23:59:00'), now, 'en-GB')).toBe('Yesterday');
    expect(listTime(at('2026-03-17T23:59:00'), now, 'zh-CN')).toBe('昨天');
    expect(listTime(at('2026-03-13T12:00:00'), now, 'en-GB')).toBe('Fri');
    expect(listTime(at('2026-01-02T12:00:00'), now, 'en-GB')).toBe('2 Jan');
    expect(listTime(at('2024-01-02T12:00:00'), now, 'en-GB')).toBe('02/01/24');
  });

  it('shows a message of the future, from a wrong clock, by its time', () => {
    expect(listTime(at('2026-03-19T09:05:00'), now, 'en-GB')).toBe('9:05');
    expect(ago(now + 90_000, now, 'en')).toBe('now');
  });

  it('counts days of the calendar, not spans of 24 hours', () => {
    expect(daysBetween(at('2026-03-17T23:59:59'), at('2026-03-18T00:00:01'))).toBe(1);
    expect(daysBetween(at('2026-03-18T00:00:01'), at('2026-03-18T23:59:59'))).toBe(0);
    expect(daysBetween(at('2026-02-28T12:00:00'), at('2026-03-01T12:00:00'))).toBe(1);
  });

  it('names the days of the timeline', () => {
    expect(dayLabel(at('2026-03-18T00:10:00'), now, 'en')).toBe('Today');
    expect(dayLabel(at('2026-03-17T00:10:00'), now, 'en')).toBe('Yesterday');
    expect(dayLabel(at('2026-03-14T00:10:00'), now, 'en')).toBe('Saturday');
    expect(dayLabel(at('2026-01-05T00:10:00'), now, 'zh-CN')).toContain('1月5日');
    expect(dayLabel(at('2023-01-05T00:10:00'), now, 'en')).toContain('2023');
  });

  it('says how long ago', () => {
    expect(ago(now - 30_000, now, 'en')).toBe('now');
    expect(ago(now - 5 * 60_000, now, 'en')).toBe('5 minutes ago');
    expect(ago(now - 3 * 3_600_000, now, 'zh-CN')).toBe('3小时前');
    expect(ago(at('2026-03-16T14:00:00'), now, 'en')).toBe('2 days ago');
    expect(ago(at('2025-12-01T14:00:00'), now, 'en-GB')).toBe('1 December 2025');
  });

  it('takes the reader\u2019s own variant of the language', () => {
    expect(localeFor('en', ['de-DE', 'en-GB', 'en-US'])).toBe('en-GB');
    expect(localeFor('zh-CN', ['zh-TW'])).toBe('zh-TW');
    expect(localeFor('en', ['de'])).toBe('en');
  });
});
