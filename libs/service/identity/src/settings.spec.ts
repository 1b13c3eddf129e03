import { readSettings } from '@parley/platform';
import { describe, expect, it } from 'vitest';
import { identitySettings } from './settings.js';

describe('settings of identity', () => {
  it('have sane defaults', () => {
    expect(readSettings(identitySettings, {})).toMatchObject({
      PARLEY_ADMIN_USERNAME: 'admin',
      PARLEY_ACCESS_TOKEN_SECONDS: 600,
      PARLEY_RATE_LIMITS: true,
    });
  });

  it.each([
    ['PARLEY_ADMIN_USERNAME', 'Not A Name'],
    ['PARLEY_ADMIN_PASSWORD', 'short'],
    ['PARLEY_ADMIN_PASSWORD', 'changeme123'],
    ['PARLEY_ACCESS_TOKEN_SECONDS', '5'],
    ['PARLEY_RATE_LIMITS', 'no'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(() => readSettings(identitySettings, { [name]: value })).toThrow(name);
  });
});
