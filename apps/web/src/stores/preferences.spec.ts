import { describe, expect, it } from 'vitest';
import { readPreferences } from './preferences-data';

describe('preferences', () => {
  it('keep what was chosen', () => {
    const read = readPreferences('{"theme":"dark","sound":true}');
    expect(read).toMatchObject({ theme: 'dark', sound: true, notify: false, textSize: 'normal' });
  });

  it('fall back where what was kept is no choice, or no JSON', () => {
    const defaults = readPreferences(null);
    expect(readPreferences('{"theme":"sepia","sound":"yes","other":1}')).toEqual(defaults);
    expect(readPreferences('{oops')).toEqual(defaults);
    expect(readPreferences('null')).toEqual(defaults);
    expect(defaults).toMatchObject({ theme: 'system', sound: false, notify: false });
  });
});
