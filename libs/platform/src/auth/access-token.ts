import { DomainError } from '@parley/kernel';
import { type CryptoKey, decodeProtectedHeader, errors, jwtVerify, type JWTPayload, SignJWT } from 'jose';

/** The form of access tokens (RFC 9068). One algorithm, so that a token cannot choose how it is checked (RFC 8725). */
export const ACCESS_TOKEN = {
  algorithm: 'ES256',
  type: 'at+jwt',
  audience: 'parley',
  /** Our own are below 1 KiB. */
  maxLength: 4096,
  /** How far the clocks of signer and verifier may be apart. */
  skewSeconds: 5,
} as const;

export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  deviceId: string;
  roles: readonly string[];
  /** Milliseconds since the epoch, whole seconds. */
  issuedAt: number;
  expiresAt: number;
}

/** Answers the public key that was published under this id, or undefined. Its DomainErrors reach the caller of `verifyAccessToken`. */
export type KeyById = (kid: string) => Promise<CryptoKey | undefined>;

const KID = /^[0-9A-Za-z_-]{1,64}$/;
const HEADER_FIELDS = new Set(['alg', 'typ', 'kid']);

const tokenInvalid = () =>
  new DomainError('auth.token_invalid', 'unauthenticated', { message: 'The token is not valid.' });
const tokenExpired = () =>
  new DomainError('auth.token_expired', 'unauthenticated', { message: 'The token has expired.' });

/**
 * The only check of access tokens in Parley: at REST, at the socket's handshake and in identity. Size first, then form, then signature, then
 * claims. Throws `auth.token_invalid` or `auth.token_expired`. Whether the session still lives is not in a token: the caller asks elsewhere.
 */
export async function verifyAccessToken(
  token: string,
  keyById: KeyById,
  expected: { issuer: string; now: number },
): Promise<AccessTokenClaims> {
  const kid = kidOf(token);
  const key = await keyById(kid);
  if (key === undefined) throw tokenInvalid();
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ACCESS_TOKEN.algorithm],
      typ: ACCESS_TOKEN.type,
      audience: ACCESS_TOKEN.audience,
      issuer: expected.issuer,
      currentDate: new Date(expected.now),
      clockTolerance: ACCESS_TOKEN.skewSeconds,
      requiredClaims: ['sub', 'sid', 'did', 'roles', 'iat', 'exp'],
    });
    return claimsOf(payload, expected.now);
  } catch (error) {
    throw error instanceof errors.JWTExpired ? tokenExpired() : tokenInvalid();
  }
}

/** The key's id in a token that has the form of ours; throws `auth.token_invalid`. Nothing in the token but this id chooses the key. */
export function kidOf(token: string): string {
  if (token.length > ACCESS_TOKEN.maxLength) throw tokenInvalid();
  let header: Record<string, unknown>;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw tokenInvalid();
  }
  const { alg, typ, kid } = header;
  // A header that brings its own key, or anything else that we did not put there, is not ours.
  if (Object.keys(header).some((field) => !HEADER_FIELDS.has(field))) throw tokenInvalid();
  if (alg !== ACCESS_TOKEN.algorithm || typ !== ACCESS_TOKEN.type || typeof kid !== 'string' || !KID.test(kid))
    throw tokenInvalid();
  return kid;
}

export function signAccessToken(
  key: { kid: string; privateKey: CryptoKey },
  claims: AccessTokenClaims,
  issuer: string,
): Promise<string> {
  return new SignJWT({ sid: claims.sessionId, did: claims.deviceId, roles: [...claims.roles] })
    .setProtectedHeader({ alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type, kid: key.kid })
    .setSubject(claims.userId)
    .setIssuer(issuer)
    .setAudience(ACCESS_TOKEN.audience)
    .setIssuedAt(Math.floor(claims.issuedAt / 1000))
    .setExpirationTime(Math.floor(claims.expiresAt / 1000))
    .sign(key.privateKey);
}

function claimsOf(payload: JWTPayload, now: number): AccessTokenClaims {
  const { sub, sid, did, roles, iat, exp } = payload;
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 64;
  if (!isText(sub) || !isText(sid) || !isText(did) || typeof iat !== 'number' || typeof exp !== 'number')
    throw tokenInvalid();
  if (!Array.isArray(roles) || roles.length > 50 || !roles.every(isText)) throw tokenInvalid();
  // jose checks `iat` only where an age is asked for.
  if (iat * 1000 > now + ACCESS_TOKEN.skewSeconds * 1000) throw tokenInvalid();
  return { userId: sub, sessionId: sid, deviceId: did, roles, issuedAt: iat * 1000, expiresAt: exp * 1000 };
}
