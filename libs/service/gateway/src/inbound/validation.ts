import { DomainError, type FieldError } from '@parley/kernel';
import type { z } from 'zod';

const MAX_ISSUES = 20;

/**
 * The one way in for data from outside: answers the parsed value or throws `request.invalid` with every wrong field
 * (`limit.size` when being too large is all that is wrong).
 * @param at prefix of the fields' paths, e.g. `body`.
 */
export function validated<S extends z.ZodType>(schema: S, value: unknown, at?: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_ISSUES);
  const errors: FieldError[] = issues.map((issue) => ({
    path: [...(at === undefined ? [] : [at]), ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
  if (issues.every(tooLarge))
    throw new DomainError('limit.size', 'too_large', { errors, message: 'Something in the request is too large.' });
  throw new DomainError('request.invalid', 'invalid', {
    errors,
    message: 'The request does not have the documented form.',
  });
}

/** Too much of something, that is; a number that is too high is a wrong number. */
function tooLarge(issue: z.core.$ZodIssue): boolean {
  const tooMuch = issue.code === 'too_big' && !['number', 'int', 'bigint', 'date'].includes(issue.origin);
  return tooMuch || (issue.code === 'custom' && issue.params?.['code'] === 'limit.size');
}
