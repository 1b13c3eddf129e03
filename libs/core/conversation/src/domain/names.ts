const MAX = 64;

/** Letter case, width and compatibility forms folded, as identity folds names: what people type in a search. Cut to 64 characters. */
export function foldName(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');
  return [...folded].slice(0, MAX).join('').trimEnd();
}
