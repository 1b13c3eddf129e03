/** What is compared when somebody looks for a name: letter case, accents and width do not count. */
export function searchable(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

/** Every word of what was typed is somewhere in one of the names. */
export function matches(names: readonly (string | undefined)[], typed: string): boolean {
  const words = searchable(typed).split(/\s+/u).filter(Boolean);
  if (words.length === 0) return true;
  const all = searchable(names.filter(Boolean).join('\n'));
  return words.every((word) => all.includes(word));
}
