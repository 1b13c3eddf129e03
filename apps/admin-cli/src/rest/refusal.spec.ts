import { describe, expect, it } from 'vitest';
import { refusalText } from './refusal.js';

const problem = { title: 'There is no such ban.', detail: 'Reload the bans.', code: 'policy.ban_not_found' };

describe('a refusal', () => {
  it('says code, meaning and advice, each once', () => {
    expect(refusalText(404, problem)).toBe('policy.ban_not_found: There is no such ban.\nReload the bans.');
  });

  it('names wrong fields and how long to wait', () => {
    const errors = [{ path: 'username', message: 'must be shorter' }];
    const text = refusalText(400, { ...problem, errors, retryAfterMs: 1200 });
    expect(text).toContain('\n  username: must be shorter\n');
    expect(text).toContain('Try again in 2 s.');
  });

  it('of a code that this version does not know still has what the server says', () => {
    expect(refusalText(409, { code: 'new.code', title: 'Something new.' })).toBe('new.code: Something new.');
    expect(refusalText(409, { code: 'new.code' })).toBe('new.code: status 409');
  });

  it('brings no escape sequence to the terminal', () => {
    expect(refusalText(400, { ...problem, detail: '\u001b[2J' })).not.toContain('\u001b');
  });

  it('that is no answer of Parley asks for the address', () => {
    expect(refusalText(502, undefined)).toContain('PARLEY_URL');
  });
});
