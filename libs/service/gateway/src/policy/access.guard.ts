import { rest } from '@parley/contracts';
import { type OpenPaths, type PolicyEnforcer, type VerifiedToken } from '@parley/core-gateway';
import { DomainError } from '@parley/kernel';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { type AuthenticatedRequest, operationOf } from '../inbound/http/operation.js';
import type { JoseAccessTokenVerifier } from './jose-access-token-verifier.js';
import { bearerTokenOf } from './jwt.strategy.js';

/**
 * The one guard of REST, in this order: banned address, open path, token (signature, expiry, revoked session, banned user), policy.
 * What is on no list and in no rule is refused; so is everything while the policy is not loaded.
 */
export class AccessGuard extends AuthGuard('jwt') implements CanActivate {
  constructor(
    private readonly openPaths: OpenPaths,
    private readonly enforcer: PolicyEnforcer,
    private readonly verifier: JoseAccessTokenVerifier,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // Calls between services and sockets have doors of their own.
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    this.enforcer.refuseBannedAddress(request.ip);
    const operation = operationOf(context);
    const path = pathOf(request);
    // A setting can close what the contract calls open, never open what needs to know who calls.
    if (operation?.access !== 'user' && this.openPaths.has(path)) return true;
    const { principal } = await this.authenticate(context, request);
    request.principal = principal;
    for (const object of operation === rest.users.search ? usersNamed(request, path) : [path])
      this.enforcer.require(principal, object, methodOf(request));
    return true;
  }

  /** What passport found: the verified token, or why there is none. */
  override handleRequest<T>(error: unknown, verified: unknown, info: unknown): T {
    const reason = [error, info].find((one) => DomainError.is(one));
    if (reason !== undefined) throw reason;
    if (error !== null && error !== undefined) throw error;
    if (!verified) throw new DomainError('auth.token_invalid', 'unauthenticated');
    return verified as T;
  }

  private async authenticate(context: ExecutionContext, request: AuthenticatedRequest): Promise<VerifiedToken> {
    const token = bearerTokenOf(request);
    if (token === null) throw new DomainError('auth.token_missing', 'unauthenticated', { message: 'Log in first.' });
    const known = this.verifier.recent(token);
    if (known !== undefined) return known;
    await super.canActivate(context);
    return (request as unknown as { user: VerifiedToken }).user;
  }
}

/**
 * The path that is judged: the route with its decoded parameters in it. The raw URL would let an encoded letter walk past a rule, because the
 * router decodes before it matches.
 */
function pathOf(request: FastifyRequest): string {
  const parameters = request.params as Record<string, string | undefined>;
  return (request.routeOptions.url ?? '').replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(parameters[name] ?? ''),
  );
}

const MANY = 100;

/**
 * Many users by their ids are judged as each of them by its id: no rule about one of them can be walked past, and who may look somebody
 * up need not be allowed to search. More than may be asked for at once are judged as a search, and refused by their number.
 */
function usersNamed(request: FastifyRequest, path: string): string[] {
  const { ids, q } = request.query as Record<string, unknown>;
  if (ids === undefined || q !== undefined) return [path];
  const named = [ids].flat().flatMap((each) => (typeof each === 'string' ? each.split(',') : []));
  const known = [...new Set(named)].filter((each) => each !== '');
  return known.length === 0 || known.length > MANY
    ? [path]
    : known.map((each) => `${path}/${encodeURIComponent(each)}`);
}

/** HEAD is GET without the body. */
const methodOf = (request: FastifyRequest): string => (request.method === 'HEAD' ? 'GET' : request.method);
