import { DomainError, type FieldError } from '@parley/kernel';
import type { z } from 'zod';

const MAX_ISSUES = 20;
const MAX_TEXT = 200;

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
  const message = inWords(errors);
  if (issues.every(tooLarge)) throw new DomainError('limit.size', 'too_large', { errors, message });
  throw new DomainError('request.invalid', 'invalid', { errors, message });
}

/** The first one, for those who look at the message only. */
function inWords([first, ...others]: FieldError[]): string {
  const text = first!.path === '' ? first!.message : `${first!.path}: ${first!.message}`;
  return `${text.slice(0, MAX_TEXT)}${others.length === 0 ? '' : ` (and ${others.length} more)`}`;
}

/** Too much of something, that is; a number that is too high is a wrong number. */
function tooLarge(issue: z.core.$ZodIssue): boolean {
  const tooMuch = issue.code === 'too_big' && !['number', 'int', 'bigint', 'date'].includes(issue.origin);
  return tooMuch || (issue.code === 'custom' && issue.params?.['code'] === 'limit.size');
}
