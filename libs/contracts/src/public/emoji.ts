import { z } from 'zod';

/** The longest there are have 10 code points; tag sequences of regions are as long. */
const MAX_LENGTH = 64;
const VARIATION_SELECTORS = /[\uFE0E\uFE0F]/gu;

/**
 * The one spelling of an emoji: fully qualified, as the set RGI of Unicode (UTS #51) lists it. Programs leave out the selector of
 * emoji presentation, or ask for text presentation; all these mean the same sign, and it must be one key. Answers undefined for
 * what is not exactly one emoji of that set.
 */
export function emojiOf(text: string): string | undefined {
  if (text.length === 0 || text.length > MAX_LENGTH) return undefined;
  const signs = [...text.replace(VARIATION_SELECTORS, '')];
  const qualified = signs.map((sign, i) => (needsSelector(sign, signs[i + 1]) ? `${sign}\uFE0F` : sign)).join('');
  return /^\p{RGI_Emoji}$/v.test(qualified) ? qualified : undefined;
}

/** A sign that is text where nothing is said. A skin tone behind it says enough. */
function needsSelector(sign: string, next: string | undefined): boolean {
  return (
    /^\p{Emoji}$/u.test(sign) &&
    !/^\p{Emoji_Presentation}$/u.test(sign) &&
    (next === undefined || !/^\p{Emoji_Modifier}$/u.test(next))
  );
}

export const emoji = z
  .string()
  .min(1)
  .max(MAX_LENGTH)
  .transform((value, context) => {
    const one = emojiOf(value);
    if (one === undefined) context.addIssue({ code: 'custom', message: 'must be exactly one emoji' });
    return one ?? '';
  })
  .describe('Exactly one emoji of the set RGI (UTS #51); answers name it fully qualified, e.g. ❤️ for ❤');
