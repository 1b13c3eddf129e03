import { describe, expect, it } from 'vitest';
import { printable, table, widthOf } from './table.js';

describe('a table', () => {
  it('keeps its columns below each other, whatever the script of the names', () => {
    const lines = table(
      ['name', 'since'],
      [
        ['张伟', '2030'],
        ['ada', '2031'],
      ],
      '',
    ).split('\n');
    expect(lines).toEqual(['NAME  SINCE', '张伟  2030', 'ada   2031']);
  });

  it('shows an empty cell, and says when there are no rows', () => {
    expect(table(['a', 'b'], [['', 'x']], '')).toBe('A  B\n-  x');
    expect(table(['a'], [], 'No users.')).toBe('No users.');
  });

  it('counts terminal columns, not code units', () => {
    expect([widthOf('é'), widthOf('e\u0301'), widthOf('한'), widthOf('🙂'), widthOf('')]).toEqual([1, 1, 2, 2, 0]);
  });

  it('takes the power out of control and direction characters', () => {
    expect(printable('a\u001b[31mb\u202ec\nd')).toBe('a\ufffd[31mb\ufffdc\ufffdd');
  });
});
