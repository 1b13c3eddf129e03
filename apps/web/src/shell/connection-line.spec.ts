import { describe, expect, it } from 'vitest';
import { lineOf } from './connection-line';

describe('the line about the connection', () => {
  it('is silent while all is well, or nobody is signed in', () => {
    expect(lineOf({ status: 'online', waiting: 3 }, 0)).toEqual({ kind: 'none' });
    expect(lineOf({ status: 'idle', waiting: 0 }, 0)).toEqual({ kind: 'none' });
  });

  it('counts down to the next try, and not below', () => {
    expect(lineOf({ status: 'offline', retryAt: 9_400, waiting: 0 }, 5_000)).toEqual({ kind: 'retry', seconds: 5 });
    expect(lineOf({ status: 'offline', retryAt: 9_400, waiting: 0 }, 12_000)).toEqual({ kind: 'retry', seconds: 0 });
  });

  it('promises no try where there is none, or no network', () => {
    expect(lineOf({ status: 'offline', waiting: 0 }, 5_000)).toEqual({ kind: 'offline' });
    expect(lineOf({ status: 'offline', retryAt: 9_400, waiting: 0 }, 5_000, false)).toEqual({ kind: 'offline' });
  });
});
