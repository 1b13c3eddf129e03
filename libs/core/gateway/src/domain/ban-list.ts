import type { BanEntry } from './policy.js';

/** Bans by user and address. Ended ones do not count, also before the next set comes without them. */
export class BanList {
  private readonly until = new Map<string, number>();

  constructor(bans: readonly BanEntry[]) {
    for (const { kind, value, until } of bans) this.until.set(`${kind} ${value}`, until);
  }

  hasUser(userId: string, now: number): boolean {
    return this.inForce(`user ${userId}`, now);
  }

  hasAddress(address: string, now: number): boolean {
    return this.inForce(`address ${normalizeAddress(address)}`, now);
  }

  private inForce(key: string, now: number): boolean {
    const until = this.until.get(key);
    return until !== undefined && (until === 0 || until > now);
  }
}

/** IPv4 as IPv4 also where a dual-stack listener reports it as IPv6. */
function normalizeAddress(address: string): string {
  return address
    .trim()
    .toLowerCase()
    .replace(/^::ffff:(?=\d{1,3}\.)/, '');
}
