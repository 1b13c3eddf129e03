import { beforeEach, describe, expect, it } from 'vitest';
import { MembershipMarks } from './membership-marks.js';

describe('MembershipMarks', () => {
  let now: number;
  let marks: MembershipMarks;

  beforeEach(() => {
    now = 0;
    marks = new MembershipMarks(() => now);
  });

  it('tells who went after the list of members was made', () => {
    expect(marks.changedAfter('c', 1)).toEqual([]);
    marks.gone('c', ['bob', 'cat'], 10);
    marks.gone('c', ['dan'], 12);
    expect(marks.changedAfter('c', 9)).toEqual(['bob', 'cat', 'dan']);
    expect(marks.changedAfter('c', 10)).toEqual(['dan']);
    expect(marks.changedAfter('c', 12)).toEqual([]);
    expect(marks.changedAfter('d', 0)).toEqual([]);
  });

  it('lets a member who is back have what came after that, and nothing that was on its way before', () => {
    marks.gone('c', ['bob'], 10);
    marks.joined('c', ['bob', 'new'], 12);
    expect(marks.changedAfter('c', 11)).toEqual(['bob']);
    expect(marks.changedAfter('c', 12)).toEqual([]);
    expect(marks.gone('c', ['bob'], 10), 'a repeat of the removal').toEqual([]);
    expect(marks.changedAfter('c', 12)).toEqual([]);
  });

  it('says whose going is news', () => {
    expect(marks.gone('c', ['bob', 'cat'], 10)).toEqual(['bob', 'cat']);
    expect(marks.gone('c', ['bob', 'dan'], 10)).toEqual(['dan']);
    expect(marks.gone('c', ['bob'], 11)).toEqual(['bob']);
  });

  it('forgets after a time, the oldest first, also in a conversation where somebody goes all the time', () => {
    marks.gone('old', ['ann'], 1);
    marks.gone('busy', ['u0'], 1);
    for (let n = 1; n <= 30; n += 1) {
      now += 60_000;
      marks.gone('busy', [`u${n}`], n + 1);
    }
    expect(marks.changedAfter('old', 0)).toEqual([]);
    expect(marks.size).toBeLessThanOrEqual(12);
    expect(marks.changedAfter('busy', 0)).toContain('u30');
  });

  it('holds a bounded number', () => {
    marks.gone(
      'c',
      Array.from({ length: 250_000 }, (_, n) => `u${n}`),
      1,
    );
    marks.gone('d', ['bob'], 1);
    expect(marks.size).toBeLessThanOrEqual(200_000);
    expect(marks.changedAfter('d', 0)).toEqual(['bob']);
  });
});
