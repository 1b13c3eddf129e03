import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type AuthenticatedRequest, operationOf } from '../inbound/http/operation.js';
import { operationLimitedAs } from './limited-as.js';
import { RequestLimits } from './request-limits.js';

/** The limits of REST: by user, and by address where nobody is logged in. Sends share their count with the sockets'. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RequestLimits) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const who = request.principal?.userId ?? request.ip;
    this.limits.take(who, operationLimitedAs(operationOf(context)));
    return true;
  }
}
