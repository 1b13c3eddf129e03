import { createHmac } from 'node:crypto';

export interface IceServer {
  urls: readonly string[];
  username?: string;
  credential?: string;
}

export interface IceSettings {
  stunUrls: readonly string[];
  turnUrls: readonly string[];
  /** Shared with the TURN server; empty for none. */
  turnSecret: string;
  /** Seconds, at most 3600. */
  ttlSeconds: number;
}

/**
 * What RTCPeerConnection needs. TURN credentials by draft-uberti-behave-turn-rest-00: the name is `<end in seconds>:<user>`, the
 * password the base64 of its HMAC-SHA1 with the shared secret, so the TURN server checks both without asking anybody.
 */
export function iceServersFor(userId: string, now: number, settings: IceSettings): IceServer[] {
  const { stunUrls, turnUrls, turnSecret, ttlSeconds } = settings;
  const servers: IceServer[] = stunUrls.length === 0 ? [] : [{ urls: stunUrls }];
  if (turnUrls.length === 0 || turnSecret === '') return servers;
  const username = `${Math.floor(now / 1000) + ttlSeconds}:${userId}`;
  const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
  return [...servers, { urls: turnUrls, username, credential }];
}
