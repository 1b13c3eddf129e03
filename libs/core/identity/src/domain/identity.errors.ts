import { DomainError, errorOf, type FieldError } from '@parley/kernel';

/** Everything that this context refuses. Codes are published in the contracts. */
export const invalidCredentials = errorOf(
  'auth.invalid_credentials',
  'unauthenticated',
  'Username or password is wrong.',
);
export const usernameTaken = errorOf('auth.username_taken', 'already_exists', 'This username is taken.');
export const passwordUnacceptable = (message: string, path = 'password') =>
  new DomainError('auth.password_unacceptable', 'invalid', { message, errors: [{ path, message }] });
export const notAGuest = errorOf('auth.not_a_guest', 'precondition', 'Only a guest can be upgraded to an account.');
export const banned = errorOf('auth.banned', 'forbidden', 'The account or address is banned.');
export const tokenInvalid = errorOf('auth.token_invalid', 'unauthenticated', 'The token is not valid.');
export const tokenExpired = errorOf('auth.token_expired', 'unauthenticated', 'The token has expired.');
export const sessionRevoked = errorOf('auth.session_revoked', 'unauthenticated', 'The session was ended.');
export const sessionNotFound = errorOf('auth.session_not_found', 'not_found', 'You have no such session.');
export const userNotFound = errorOf('user.not_found', 'not_found', 'There is no such user.');
export const denied = errorOf('authz.denied', 'forbidden', 'Only administrators may do this.');
export const policyNotFound = errorOf('policy.not_found', 'not_found', 'There is no such rule.');
export const banNotFound = errorOf('policy.ban_not_found', 'not_found', 'There is no such ban.');
export const wouldLockOut = errorOf(
  'policy.would_lock_out',
  'precondition',
  'Nobody could administer policies afterwards.',
);
export const tooManyAttempts = (retryAfterMs: number) =>
  new DomainError('limit.rate', 'rate_limited', { message: 'Too many attempts.', retryAfterMs });
export const tooLarge = (path: string) =>
  new DomainError('limit.size', 'too_large', { errors: [{ path, message: 'is too large' }] });

export function invalid(...errors: FieldError[]): DomainError {
  return new DomainError('request.invalid', 'invalid', {
    message: 'The request does not have the documented form.',
    errors,
  });
}
