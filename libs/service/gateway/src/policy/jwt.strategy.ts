import type { VerifiedToken } from '@parley/core-gateway';
import { DomainError } from '@parley/kernel';
import { ACCESS_TOKEN, kidOf } from '@parley/platform';
import { PassportStrategy } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { JoseAccessTokenVerifier } from './jose-access-token-verifier.js';
import type { SigningKeyCache } from './signing-key-cache.js';

const fromHeader = ExtractJwt.fromAuthHeaderAsBearerToken();

/** The bearer token of a request, or null. From the header only: a URL ends up in logs. */
export const bearerTokenOf = (request: FastifyRequest): string | null => fromHeader(request as never);

/**
 * Passport's strategy for REST. The shared verifier decides first, as it does for sockets; passport-jwt then checks signature, algorithm, issuer,
 * audience and expiry once more with a library of its own. Seen tokens do not come here again: see AccessGuard.
 */
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly verifier: JoseAccessTokenVerifier,
    keys: SigningKeyCache,
    issuer: string,
  ) {
    super({
      jwtFromRequest: (request: FastifyRequest) => bearerTokenOf(request),
      secretOrKeyProvider: (_request: FastifyRequest, token: string, done: KeyCallback) => {
        checkedKey(verifier, keys, token).then(
          (pem) => done(null, pem),
          (error: unknown) => done(error),
        );
      },
      algorithms: [ACCESS_TOKEN.algorithm],
      issuer,
      audience: ACCESS_TOKEN.audience,
      jsonWebTokenOptions: { clockTolerance: ACCESS_TOKEN.skewSeconds },
      passReqToCallback: true,
    } as never);
  }

  validate(request: FastifyRequest): VerifiedToken {
    const verified = this.verifier.recent(bearerTokenOf(request) ?? '');
    if (verified === undefined) throw new DomainError('auth.token_expired', 'unauthenticated');
    return verified;
  }
}

type KeyCallback = (error: unknown, pem?: string) => void;

async function checkedKey(verifier: JoseAccessTokenVerifier, keys: SigningKeyCache, token: string): Promise<string> {
  await verifier.verify(token);
  const found = await keys.find(kidOf(token));
  if (found === undefined) throw new DomainError('auth.token_invalid', 'unauthenticated');
  return found.pem;
}
