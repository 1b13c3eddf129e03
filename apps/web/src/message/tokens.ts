/** The parts of a text, in order; put together they are the text again. Nothing here is ever made HTML of. */
export type Token =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; userId: string };

/** Somebody who is mentioned, under a name that the text may use. */
export interface MentionName {
  userId: string;
  name: string;
}

// What comes after a link without a space, in scripts that have none, is no part of it: ideographs and full-width marks end it.
const NOT_IN_LINK = '\\s<>"`\\u2018-\\u201d\\u3000-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7af\\uff00-\\uffef';
const WEB = `(?:https?://|www\\.)[^${NOT_IN_LINK}]+`;
const MAIL = "[a-z0-9][a-z0-9.!#$%&'*+/=?^_{|}~-]{0,63}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9-]+)*\\.[a-z]{2,}";
const LINK = new RegExp(`${WEB}|${MAIL}`, 'giu');
const TRAILING = /[.,:;!?'*_~\]]+$/;

export function tokenize(text: string, mentions: readonly MentionName[] = []): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const link = linkOf(match[0], text[match.index - 1]);
    if (link === undefined) continue;
    withMentions(tokens, text.slice(from, match.index), mentions);
    tokens.push(link);
    from = match.index + link.text.length;
  }
  withMentions(tokens, text.slice(from), mentions);
  return tokens;
}

function linkOf(found: string, before: string | undefined): Token | undefined {
  const text = withoutTail(found);
  if (!/^(?:https?:|www\.)/i.test(text)) return { kind: 'link', text, href: `mailto:${text}` };
  // "awww.example" is a word, not an address.
  if (before !== undefined && /[\p{L}\p{N}]/u.test(before) && !/[\u3040-\u9fff\uac00-\ud7af]/.test(before)) return;
  const href = /^www\./i.test(text) ? `https://${text}` : text;
  if (!URL.canParse(href)) return undefined;
  const { protocol, hostname } = new URL(href);
  return (protocol === 'https:' || protocol === 'http:') && hostname !== '' ? { kind: 'link', text, href } : undefined;
}

/** A full stop ends the sentence, not the address; so does a bracket that was opened before it. */
function withoutTail(found: string): string {
  let text = found;
  for (;;) {
    const shorter = closesOutside(text) ? text.slice(0, -1) : text.replace(TRAILING, '');
    if (shorter === text) return text;
    text = shorter;
  }
}

function closesOutside(text: string): boolean {
  if (!text.endsWith(')')) return false;
  return text.split(')').length > text.split('(').length;
}

function withMentions(tokens: Token[], text: string, mentions: readonly MentionName[]): void {
  if (text === '') return;
  const known = mentions.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length);
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const found = text[at] === '@' ? known.find(({ name }) => text.startsWith(name, at + 1)) : undefined;
    if (found === undefined) plain += text[at++];
    else {
      if (plain !== '') tokens.push({ kind: 'text', text: plain });
      plain = '';
      tokens.push({ kind: 'mention', text: `@${found.name}`, userId: found.userId });
      at += found.name.length + 1;
    }
  }
  if (plain !== '') tokens.push({ kind: 'text', text: plain });
}

const PICTURE = '\\p{Extended_Pictographic}(?:\\p{Emoji_Modifier}|\\ufe0f)?';
const EMOJI = new RegExp(
  `(?:\\p{Regional_Indicator}{2}|[0-9#*]\\ufe0f?\\u20e3|${PICTURE}(?:\\u200d${PICTURE})*[\\u{e0020}-\\u{e007f}]*)`,
  'gu',
);
const MOST_BIG = 6;

/** How many emoji the text is made of, where it is made of nothing else and of few; else 0. Those are shown large. */
export function bigEmoji(text: string): number {
  if (text.length > MOST_BIG * 30) return 0;
  let count = 0;
  const rest = text.replace(EMOJI, () => {
    count += 1;
    return '';
  });
  return rest.trim() === '' && count <= MOST_BIG ? count : 0;
}
