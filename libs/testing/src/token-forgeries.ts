import { createHmac, createPublicKey } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';

/** What the verifier under test believes in. Claims and header are those of a good token. */
export interface GoodToken {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  issuer: string;
  audience: string;
  claims: Record<string, unknown>;
  /** Seconds since the epoch. */
  now: number;
}

export interface Forgery {
  name: string;
  token: string;
  /** `auth.token_invalid` where not said. */
  code?: string;
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A key pair, and all that a token of it says when nothing is wrong with it. */
export async function goodToken(now: number): Promise<GoodToken & { jwk: JWK; token: string }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const good: GoodToken = {
    kid: 'the-key',
    privateKey,
    publicKey,
    issuer: 'parley',
    audience: 'parley',
    claims: { sub: '0-ann', sid: '0-session', did: 'phone', roles: ['user'] },
    now,
  };
  const jwk = { ...(await exportJWK(publicKey)), kid: good.kid, alg: 'ES256', use: 'sig' };
  return { ...good, jwk, token: await signed(good) };
}

interface Change {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey;
}

/** A token that is good but for the change. */
export function signed(
  good: GoodToken,
  { claims = {}, header = {}, key = good.privateKey }: Change = {},
): Promise<string> {
  const base = { iss: good.issuer, aud: good.audience, iat: good.now, exp: good.now + 600, ...good.claims };
  const payload = Object.fromEntries(Object.entries({ ...base, ...claims }).filter(([, value]) => value !== undefined));
  const fields = { alg: 'ES256', typ: 'at+jwt', kid: good.kid, ...header };
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return new SignJWT(payload).setProtectedHeader(present as { alg: string }).sign(key);
}

/**
 * Every way known to us of getting a bad access token accepted (RFC 8725, and what scanners try). Run at each door that takes tokens.
 */
export async function tokenForgeries(good: GoodToken): Promise<Forgery[]> {
  const stranger = await generateKeyPair('ES256', { extractable: true });
  const strangerJwk = await exportJWK(stranger.publicKey);
  const [head = '', body = '', signature = ''] = (await signed(good)).split('.');
  const pem = await exportSPKI(good.publicKey);
  const der = createPublicKey(pem).export({ type: 'spki', format: 'der' });
  const hs256 = (secret: string | Buffer) => {
    const unsigned = `${encoded({ alg: 'HS256', typ: 'at+jwt', kid: good.kid })}.${body}`;
    return `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
  };
  const claims = async (name: string, change: Record<string, unknown>, code?: string): Promise<Forgery> => ({
    name,
    token: await signed(good, { claims: change }),
    ...(code === undefined ? {} : { code }),
  });
  const byStranger = async (name: string, header: Record<string, unknown>): Promise<Forgery> => ({
    name,
    token: await signed(good, { header, key: stranger.privateKey }),
  });
  const withHeader = async (name: string, header: Record<string, unknown>): Promise<Forgery> => ({
    name,
    token: await signed(good, { header }),
  });
  const unsecured = new UnsecuredJWT(good.claims).setIssuer(good.issuer).setAudience(good.audience).encode();
  return [
    { name: 'nothing', token: ' ' },
    { name: 'words', token: 'not a token' },
    { name: 'two parts', token: `${head}.${body}` },
    { name: 'four parts', token: `${head}.${body}.${signature}.x` },
    { name: 'a megabyte', token: `${head}.${'A'.repeat(1024 * 1024)}.${signature}` },
    { name: 'a header that is no JSON', token: `${Buffer.from('{').toString('base64url')}.${body}.${signature}` },
    { name: 'a header that is a list', token: `${encoded([])}.${body}.${signature}` },
    { name: 'no algorithm (library made)', token: unsecured },
    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg) => ({
      name: `the algorithm ${JSON.stringify(alg)}`,
      token: `${encoded({ alg, typ: 'at+jwt', kid: good.kid })}.${body}.`,
    })),
    { name: 'HS256 with the public key as PEM', token: hs256(pem) },
    { name: 'HS256 with the public key as DER', token: hs256(der) },
    { name: 'HS256 with nothing', token: hs256('') },
    { name: 'an empty signature', token: `${head}.${body}.` },
    { name: 'a signature of zeros', token: `${head}.${body}.${Buffer.alloc(64).toString('base64url')}` },
    { name: 'a changed signature', token: `${head}.${body}.${signature.slice(0, -6)}AAAAAA` },
    { name: 'changed claims', token: `${head}.${encoded({ ...good.claims, sub: '0-admin' })}.${signature}` },
    await byStranger('somebody else’s signature', {}),
    await byStranger('an embedded key', { jwk: strangerJwk }),
    await byStranger('an embedded key and no kid', { jwk: strangerJwk, kid: undefined }),
    await byStranger('a key elsewhere (jku)', { jku: 'https://evil.example/jwks.json' }),
    await byStranger('a key elsewhere (x5u)', { x5u: 'https://evil.example/cert.pem' }),
    await byStranger('an embedded certificate', { x5c: ['MIIB'] }),
    await withHeader('an extension that nobody knows', { b64: true, crit: ['b64'] }),
    await withHeader('a header field that is not ours', { cty: 'JWT' }),
    await withHeader('no kid', { kid: undefined }),
    ...(await Promise.all(
      [
        '',
        '../../../../dev/null',
        "' OR 1=1 --",
        'https://evil.example/key',
        '__proto__',
        'constructor',
        'x'.repeat(500),
      ].map((kid) => withHeader(`the kid ${JSON.stringify(kid.slice(0, 30))}`, { kid })),
    )),
    await withHeader('the type of an ID token', { typ: 'JWT' }),
    await withHeader('no type', { typ: undefined }),
    await claims('another issuer', { iss: 'https://evil.example' }),
    await claims('no issuer', { iss: undefined }),
    await claims('another audience', { aud: 'billing' }),
    await claims('no audience', { aud: undefined }),
    await claims('an end that has passed', { iat: good.now - 700, exp: good.now - 100 }, 'auth.token_expired'),
    await claims('no end', { exp: undefined }),
    await claims('a beginning in the future', { nbf: good.now + 3600 }),
    await claims('made in the future', { iat: good.now + 3600, exp: good.now + 7200 }),
    await claims('no time of making', { iat: undefined }),
    await claims('no user', { sub: undefined }),
    await claims('an empty user', { sub: '' }),
    await claims('a user that is an object', { sub: { $ne: null } as unknown as string }),
    await claims('no session', { sid: undefined }),
    await claims('a session that is a list', { sid: ['0-session'] }),
    await claims('no device', { did: undefined }),
    await claims('no roles', { roles: undefined }),
    await claims('roles that are text', { roles: 'admin' }),
    await claims('a role that is an object', { roles: [{}] }),
    await claims('a thousand roles', { roles: Array.from({ length: 100 }, () => 'r') }),
    { name: 'a refresh token', token: 'prt.0-session.1.secret-00000000000000001.AAAAAAAAAAAAAAAAAAAAAA' },
  ];
}
