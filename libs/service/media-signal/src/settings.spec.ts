import { readSettings, SettingsError } from '@parley/platform';
import { describe, expect, it } from 'vitest';
import { callTimes, iceSettings, mediaSignalSettings } from './settings.js';

const read = (env: Record<string, string>) => readSettings(mediaSignalSettings, env);

describe('settings of calls', () => {
  it('have defaults', () => {
    expect(callTimes(read({}))).toEqual({ ringMs: 45_000, connectMs: 120_000, graceMs: 20_000, maxMs: 86_400_000 });
    expect(iceSettings(read({}))).toEqual({ stunUrls: [], turnUrls: [], turnSecret: '', ttlSeconds: 3600 });
  });

  it('take TURN servers with a secret only, and for an hour at most', () => {
    const turn = { PARLEY_TURN_URLS: 'turn:a, turns:b' };
    expect(() => iceSettings(read(turn))).toThrow(SettingsError);
    expect(iceSettings(read({ ...turn, PARLEY_TURN_SECRET: 's' })).turnUrls).toEqual(['turn:a', 'turns:b']);
    expect(() => read({ PARLEY_TURN_TTL_SECONDS: '3601' })).toThrow('PARLEY_TURN_TTL_SECONDS');
  });
});
