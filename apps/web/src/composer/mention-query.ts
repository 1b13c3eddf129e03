/** What is being typed after an @: where the @ is, and the beginning of a name. */
export interface MentionQuery {
  start: number;
  prefix: string;
}

const LONGEST = 32;

/** In "a@b" the @ belongs to an address; after a Chinese character it begins a mention, as there are no spaces there. */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const start = text.lastIndexOf('@', caret - 1);
  if (start < 0 || caret - start - 1 > LONGEST) return undefined;
  if (/[a-z0-9._%+-]/i.test(text[start - 1] ?? ' ')) return undefined;
  const prefix = text.slice(start + 1, caret);
  return /\s/.test(prefix) ? undefined : { start, prefix };
}

/** The text with the name in the place of what was typed, and where the caret is then. */
export function withMention(text: string, caret: number, query: MentionQuery, name: string): [string, number] {
  const inserted = `@${name} `;
  const rest = text.slice(caret).replace(/^ /, '');
  return [text.slice(0, query.start) + inserted + rest, query.start + inserted.length];
}

export interface Mentioned {
  userId: string;
  name: string;
}

/** Those of the picked whose name is still in the text, each once. */
export function mentionsIn(text: string, picked: readonly Mentioned[]): string[] {
  return [...new Set(picked.filter(({ name }) => text.includes(`@${name}`)).map(({ userId }) => userId))];
}
