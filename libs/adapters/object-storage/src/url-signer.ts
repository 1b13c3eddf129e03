import { createHmac, timingSafeEqual } from 'node:crypto';

export type Action = 'get' | 'put' | 'part';

/** What a URL was signed for. Every parameter is covered: one that was changed, added or left out makes it void. */
export interface SignedTarget {
  action: Action;
  key: string;
  params: Record<string, string>;
}

const PATH = '/objects/';
/** Keys are the server's own, so this only has to keep a path inside its folder. */
const KEY = /^[0-9A-Za-z_-]+(\/[0-9A-Za-z_-]+)*$/;

/** URLs that carry their own permission: HMAC-SHA256 over action, key and all parameters (with `exp`, the end in milliseconds). */
export class UrlSigner {
  constructor(private readonly secret: string) {}

  /** Path and query. */
  sign({ action, key, params }: SignedTarget): string {
    if (!KEY.test(key)) throw new Error('An object key has a character that keys do not have.');
    const query = new URLSearchParams(params);
    query.set('act', action);
    query.set('sig', this.signature(key, query));
    return `${PATH}${key}?${query.toString()}`;
  }

  /** Undefined for anything that was not signed here for this action, or is over. */
  verify(target: string, action: Action, now: number): SignedTarget | undefined {
    const url = URL.parse(target, 'http://objects.invalid');
    if (!url?.pathname.startsWith(PATH)) return undefined;
    const key = url.pathname.slice(PATH.length);
    const query = url.searchParams;
    const given = Buffer.from(query.get('sig') ?? '');
    query.delete('sig');
    const expected = Buffer.from(this.signature(key, query));
    if (given.length !== expected.length || !timingSafeEqual(given, expected) || !KEY.test(key)) return undefined;
    const params = Object.fromEntries(query);
    if (params['act'] !== action || !(Number(params['exp']) > now)) return undefined;
    return { action, key, params };
  }

  private signature(key: string, query: URLSearchParams): string {
    const sorted = [...query].sort(([a, x], [b, y]) => (a < b || (a === b && x < y) ? -1 : 1));
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([key, sorted]))
      .digest('base64url');
  }
}
