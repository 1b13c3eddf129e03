import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { RpcErrorFilter } from '@parley/platform';
import type { Observable } from 'rxjs';
import { ProblemFilter } from './http/problem.filter.js';

/** Errors of both doors of a process that answers REST and calls between services. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly problems = new ProblemFilter();
  private readonly calls = new RpcErrorFilter();

  catch(error: unknown, host: ArgumentsHost): Observable<never> | void {
    return host.getType() === 'rpc' ? this.calls.catch(error) : this.problems.catch(error, host);
  }
}
