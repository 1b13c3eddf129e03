import { describe, expect, it } from 'vitest';
import { avatarHue, initials } from './avatar';

describe('the letters of an avatar', () => {
  it.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['Nikolai Andrejewitsch Rimski', 'NR'],
    ['王小明', '王'],
    ['田中 さくら', '田'],
    ['Ada 王', 'A'],
    ['محمد الفاتح', 'ما'],
    ['🦊 Fox', '🦊'],
    ['👩‍👩‍👧 family', '👩‍👩‍👧'],
    ['élodie brûlé', 'ÉB'],
    ['"quoted" (name)', 'QN'],
    ['   ', ''],
    ['', ''],
  ])('of %s are %s', (name, letters) => expect(initials(name)).toBe(letters));
});

describe('the colour of an avatar', () => {
  it('is the same for the same id and differs over many', () => {
    expect(avatarHue('u1')).toBe(avatarHue('u1'));
    const hues = new Set(Array.from({ length: 200 }, (_, i) => avatarHue(`user-${i}`)));
    expect(hues.size).toBeGreaterThan(8);
  });
});
