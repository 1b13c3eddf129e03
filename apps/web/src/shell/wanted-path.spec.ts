import { describe, expect, it } from 'vitest';
import { wantedPath } from './wanted-path';

describe('where one goes after signing in', () => {
  it('is where one wanted to go', () => {
    expect(wantedPath('/i/abc?x=1')).toBe('/i/abc?x=1');
    expect(wantedPath(['/contacts'])).toBe('/contacts');
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '', undefined, null])(
    'is never outside of the application: %s',
    (asked) => expect(wantedPath(asked)).toBe('/'),
  );

  it('is not the welcome again', () => expect(wantedPath('/welcome?to=/welcome')).toBe('/'));
});
