import type { Unit } from './units.js';

/** Of one message: beyond this its text is not searched. */
const MAX_TERMS = 4000;
/** Beginnings of words that are terms of their own, in code points, so that a prefix is looked up like a word. */
const BEGINNINGS = [2, 3, 5] as const;
/** Marks a beginning. No word has it. */
const MARK = '_';

/**
 * What a message is found by: words and their beginnings; characters and pairs of neighbours where there are no spaces. Each is
 * made of letters, digits, marks and `_`, of at most 40 UTF-16 units. Everything that can match has the query's terms; not
 * everything that has them matches, which is looked at in the message itself.
 */
export function termsOf(texts: readonly (readonly Unit[])[]): string[] {
  const terms = new Set<string>();
  for (const units of texts)
    for (const [i, unit] of units.entries()) {
      if (terms.size >= MAX_TERMS) return [...terms].slice(0, MAX_TERMS);
      terms.add(unit.text);
      const next = units[i + 1];
      if (!unit.dense) for (const beginning of beginningsOf(unit.text)) terms.add(beginning);
      else if (next?.dense === true && next.glued) terms.add(unit.text + next.text);
    }
  return [...terms];
}

function beginningsOf(word: string): string[] {
  const chars = [...word];
  return BEGINNINGS.filter((length) => length <= chars.length).map((length) => chars.slice(0, length).join('') + MARK);
}

/** The narrowest term that every word with this beginning has. */
export function prefixTerm(beginning: string): string {
  return beginningsOf(beginning).at(-1) ?? beginning;
}

/** All messages but texts, which are most, are found by their type. */
export function typeTerm(type: string): string | undefined {
  return type === 'text' ? undefined : `${MARK}t${type}`;
}

/** 64 bits of the id: what is found by it is compared in full. */
export function senderTerm(userId: string): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < userId.length; i += 1) {
    a = Math.imul(a ^ userId.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ userId.charCodeAt(i), 0x85ebca6b) ^ (b >>> 15);
  }
  return `${MARK}s${(a >>> 0).toString(36)}${MARK}${(b >>> 0).toString(36)}`;
}
