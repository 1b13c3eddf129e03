/** 0 too short or too long · 1 weak · 2 fair · 3 strong. A hint only: the server decides. */
export type Strength = 0 | 1 | 2 | 3;

const TRIED_FIRST = /^(.)\1*$|password|passw0rd|qwert|asdf|12345|abcde|letmein|iloveyou|welcome|parley/iu;

/** Length is what counts, then how many different characters there are; what is tried first is weak at any length near the minimum. */
export function passwordStrength(password: string, username = ''): Strength {
  const length = [...password].length;
  if (length < 8 || length > 128) return 0;
  const different = new Set(password.toLowerCase()).size;
  const named = username.length >= 3 && password.toLowerCase().includes(username.toLowerCase());
  if (different < 5 || ((TRIED_FIRST.test(password) || named) && length < 16)) return 1;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u, /\p{Lo}/u].filter((kind) =>
    kind.test(password),
  ).length;
  const score = length + 2 * (kinds - 1);
  return score >= 16 ? 3 : score >= 11 ? 2 : 1;
}
