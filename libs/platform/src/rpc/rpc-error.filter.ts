import { DomainError } from '@parley/kernel';
import { toWireError } from '@parley/contracts/rpc';
import { Catch, Logger, type RpcExceptionFilter } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';

/** Turns what a use case threw into the wire error of the one table. Anything that is no DomainError is logged once here, its text withheld. */
@Catch()
export class RpcErrorFilter implements RpcExceptionFilter {
  private readonly logger = new Logger(RpcErrorFilter.name);

  catch(error: unknown): Observable<never> {
    return throwError(() => toWireError(this.known(error)));
  }

  private known(error: unknown): DomainError {
    if (error instanceof DomainError) return error;
    this.logger.error(error);
    return new DomainError('server.internal', 'internal');
  }
}
