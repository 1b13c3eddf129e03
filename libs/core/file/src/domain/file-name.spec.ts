import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './file-name.js';

describe('a safe file name', () => {
  it.each([
    ['holiday.png', 'holiday.png'],
    ['../../etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['/', 'file'],
    ['..', 'file'],
    ['.bashrc', 'bashrc'],
    ['', 'file'],
    ['a\0b.txt', 'ab.txt'],
    ['a\r\nSet-Cookie: x=1.txt', 'aSet-Cookie_ x=1.txt'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['a\u200bb\ufeff.txt', 'ab.txt'],
    ['con|aux?.txt', 'con_aux_.txt'],
    ['trailing. ', 'trailing'],
    ['Grüße 鍵.pdf', 'Grüße 鍵.pdf'],
    ['broken\ud800.txt', 'broken\ufffd.txt'],
  ])('of %j is %j', (given, safe) => {
    expect(safeFileName(given)).toBe(safe);
  });

  it('is at most 255 bytes long and keeps its extension', () => {
    const name = safeFileName(`${'鍵'.repeat(200)}.tar.gz`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name.endsWith('.gz')).toBe(true);
    expect(Buffer.byteLength(safeFileName('x'.repeat(300)))).toBe(255);
  });

  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        const safe = safeFileName(given);
        expect(safe.length).toBeGreaterThan(0);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
        expect(safe).not.toMatch(/[/\\\r\n\0\u202a-\u202e\u2066-\u2069]|^\./);
        expect(safe.isWellFormed()).toBe(true);
      }),
    );
  });
});
