import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { iceServersFor } from './ice-servers.js';

describe('ICE servers', () => {
  const settings = { stunUrls: ['stun:s'], turnUrls: ['turn:t'], turnSecret: 'secret', ttlSeconds: 600 };

  it('carry credentials that a TURN server can check and that end', () => {
    const servers = iceServersFor('ann', 1_700_000_000_500, settings);
    const username = '1700000600:ann';
    const credential = createHmac('sha1', 'secret').update(username).digest('base64');
    expect(servers).toEqual([{ urls: ['stun:s'] }, { urls: ['turn:t'], username, credential }]);
    // A fixed value, so that the form cannot change unnoticed.
    expect(iceServersFor('u', 0, { ...settings, ttlSeconds: 1 })[1]).toMatchObject({
      username: '1:u',
      credential: createHmac('sha1', 'secret').update('1:u').digest('base64'),
    });
    expect(iceServersFor('ann', 0, { ...settings, turnSecret: '' })).toEqual([{ urls: ['stun:s'] }]);
    expect(iceServersFor('ann', 0, { ...settings, stunUrls: [], turnUrls: [] })).toEqual([]);
  });
});
