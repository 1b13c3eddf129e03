import { COMMON_PASSWORDS } from './common-passwords.js';
import { passwordUnacceptable, tooLarge } from './identity.errors.js';
import { fold } from './names.js';

const MIN = 8;
const MAX = 128;
/** UTF-16 units before normalization, which can shrink text but costs time by its length: checked before anything else is done with it. */
const RAW_MAX = 512;

/** The one form in which passwords are hashed: NFKC, so that the same keys on two keyboards are one password. Never truncated. */
export function normalizePassword(raw: string, path = 'password'): string {
  if (raw.length > RAW_MAX) throw tooLarge(path);
  return raw.normalize('NFKC');
}

/** For settings, which say what is wrong in words of their own. */
export function isAcceptablePassword(raw: string): boolean {
  try {
    parseNewPassword(raw, '');
    return true;
  } catch {
    return false;
  }
}

/** A password for a new credential. Length in characters; no rules about classes of characters, which make people predictable. */
export function parseNewPassword(raw: string, username: string, path = 'password'): string {
  const password = normalizePassword(raw, path);
  const length = [...password].length;
  if (length < MIN || length > MAX) throw passwordUnacceptable(`must be ${MIN} to ${MAX} characters`, path);
  if (!password.isWellFormed()) throw passwordUnacceptable('must be well-formed Unicode', path);
  const folded = fold(password);
  if (COMMON_PASSWORDS.has(folded) || new Set(folded).size < 3)
    throw passwordUnacceptable('is one of the passwords that are tried first; choose another', path);
  if (username !== '' && folded === fold(username)) throw passwordUnacceptable('must not be the username', path);
  return password;
}
