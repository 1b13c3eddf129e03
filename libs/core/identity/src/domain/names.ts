import { invalid } from './identity.errors.js';

const USERNAME = /^[a-z0-9](?:[a-z0-9._-]{1,30})[a-z0-9]$/;
const DISPLAY_NAME_MAX = 64;
/** Control characters, and the marks that turn the reading direction of what follows: names stand in lines with other text. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/u;
const WORD_MAX = 64;
const WORDS_MAX = 8;

/** Letter case, width and compatibility forms folded; what people type in a search. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** The name that a login finds an account by. Case and width do not tell two accounts apart. */
export function foldUsername(raw: string): string {
  return raw.length > 256 ? '' : fold(raw.trim());
}

/**
 * A username for a new account: 3 to 32 of a-z, 0-9, `.`, `_`, `-`, with a letter or digit at both ends. ASCII only, so that two
 * names that look alike are alike.
 */
export function parseUsername(raw: string): { username: string; folded: string } {
  const folded = foldUsername(raw);
  if (!USERNAME.test(folded))
    throw invalid({
      path: 'username',
      message: 'must be 3 to 32 of a-z, 0-9, dot, underscore, hyphen, with a letter or digit at both ends',
    });
  return { username: raw.normalize('NFKC').trim(), folded };
}

export function parseDisplayName(raw: string): string {
  const name = raw.normalize('NFC').trim().replace(/\s+/gu, ' ');
  if (name === '' || [...name].length > DISPLAY_NAME_MAX || !name.isWellFormed() || UNPRINTABLE.test(name))
    throw invalid({ path: 'displayName', message: `must be 1 to ${DISPLAY_NAME_MAX} printable characters` });
  return name;
}

/**
 * The words whose beginnings a search matches. DEDUPE: they are a key of the store, so they are told apart as they are stored: cut, and
 * without a space at the end, which some collations do not see.
 */
export function searchWords(username: string, displayName: string): string[] {
  const words = fold(displayName)
    .split(/[\s\p{P}\p{S}]+/u)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
  const stored = [foldUsername(username), fold(displayName), ...words].map((word) =>
    [...word].slice(0, WORD_MAX).join('').trimEnd(),
  );
  return [...new Set(stored)].filter((word) => word !== '');
}
