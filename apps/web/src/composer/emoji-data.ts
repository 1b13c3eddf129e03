/** One emoji with what it is called and found by, in a language. */
export interface Emoji {
  emoji: string;
  label: string;
  /** Lower-case: the label and more words. */
  words: string;
}

export interface EmojiGroup {
  /** As in emojibase: 0 smileys … 9 flags. */
  group: number;
  emojis: Emoji[];
}

interface Packed {
  groups: [number, string][];
}

export function unpack({ groups }: Packed): EmojiGroup[] {
  return groups.map(([group, lines]) => ({
    group,
    emojis: lines.split('\n').map((line) => {
      const [emoji = '', label = '', more = ''] = line.split('\t');
      return { emoji, label, words: `${label} ${more}`.toLowerCase() };
    }),
  }));
}

const LOADERS: Record<string, () => Promise<{ default: unknown }>> = {
  en: () => import('./emoji/en.json'),
  'zh-CN': () => import('./emoji/zh-CN.json'),
};

/** The groups in the language, findable in English as well: many know the English words. */
export async function loadEmoji(language: string): Promise<EmojiGroup[]> {
  const english = unpack((await LOADERS['en']?.())?.default as Packed);
  if (language === 'en' || LOADERS[language] === undefined) return english;
  const own = unpack((await LOADERS[language]()).default as Packed);
  const words = new Map(english.flatMap(({ emojis }) => emojis.map((one) => [one.emoji, one.words])));
  for (const { emojis } of own) for (const one of emojis) one.words += ` ${words.get(one.emoji) ?? ''}`;
  return own;
}

const MOST = 80;

/** All words have to fit, as beginnings of words or, in Chinese, anywhere; labels before further words. */
export function findEmoji(groups: readonly EmojiGroup[], query: string): Emoji[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const fits = (text: string, part: string): boolean =>
    /[\u3400-\u9fff]/.test(part) ? text.includes(part) : ` ${text}`.includes(` ${part}`);
  const found = groups.flatMap(({ emojis }) => emojis.filter(({ words }) => wanted.every((part) => fits(words, part))));
  const first = (one: Emoji): number => (one.label.toLowerCase().startsWith(wanted[0] ?? '') ? 0 : 1);
  return found.toSorted((a, b) => first(a) - first(b)).slice(0, MOST);
}

const KEPT = 'parley.emoji';
const MOST_RECENT = 24;

export function recentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '[]');
    return Array.isArray(kept)
      ? kept.filter((one): one is string => typeof one === 'string').slice(0, MOST_RECENT)
      : [];
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  const recent = [emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, MOST_RECENT);
  localStorage.setItem(KEPT, JSON.stringify(recent));
}
