/** Twelve hues, far enough apart to tell people from each other at 24 pixels. */
const HUES = [18, 42, 68, 110, 145, 168, 195, 228, 258, 285, 315, 345] as const;

/** Always the same for the same id, on every device. */
export function avatarHue(id: string): number {
  let hash = 2166136261;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 16777619);
  return HUES[(hash >>> 0) % HUES.length] ?? HUES[0];
}

// Scripts that are written without spaces between words: one character says enough, two would not fit.
const DENSE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

/** First letters of the first and the last word; one character of a name in Chinese, Japanese or Korean; an emoji as it is. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstCharacter(words[0] ?? '');
  if (first === '') return '';
  if (DENSE.test(first) || /\p{Extended_Pictographic}/u.test(first)) return first;
  const last = words.length > 1 ? firstCharacter(words[words.length - 1] ?? '') : '';
  return (first + (DENSE.test(last) ? '' : last)).toLocaleUpperCase();
}

/** What a reader takes for one character: a flag, a family of emoji and a letter with its accents are one. */
function firstCharacter(word: string): string {
  const clean = word.replace(/^[^\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]+/u, '');
  const part = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(clean)[Symbol.iterator]().next();
  return part.done === true ? '' : part.value.segment;
}
