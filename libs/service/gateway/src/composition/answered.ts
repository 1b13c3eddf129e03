import { DomainError } from '@parley/kernel';

/** What an answer always holds; proto3 cannot say so. */
export function answered<T>(value: T | undefined): T {
  if (value === undefined)
    throw new DomainError('server.internal', 'internal', { message: 'An answer is incomplete.' });
  return value;
}
