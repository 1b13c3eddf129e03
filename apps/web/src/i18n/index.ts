import { createI18n } from 'vue-i18n';

export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT = 'parley.language';

/** What was chosen here, else the first of the browser's languages that there is. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept !== null && kept in LANGUAGES) return kept as Language;
  for (const wanted of navigator.languages) {
    if (wanted.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (wanted.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}

const dateTime = { dateStyle: 'medium', timeStyle: 'short' } as const;

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: false,
  messages: {},
  datetimeFormats: { en: { dateTime }, 'zh-CN': { dateTime } },
});

type Texts = () => Promise<Record<string, unknown>>;

/** Only what is read is loaded. A spec sees to it that no language lacks a text. */
const FIRST: Readonly<Record<Language, Texts>> = {
  en: () => import('./en').then(({ en }) => en),
  'zh-CN': () => import('./zh-CN').then(({ zhCN }) => zhCN),
};
const LATER: Readonly<Record<Language, Texts>> = {
  en: () => import('./en-later').then(({ enLater }) => enLater),
  'zh-CN': () => import('./zh-CN-later').then(({ zhCNLater }) => zhCNLater),
};
let loaded: { language: Language; all: Promise<void> } | undefined;

/** The texts of a conversation and the list. */
export async function useLanguage(language: Language): Promise<void> {
  i18n.global.setLocaleMessage(language, (await FIRST[language]()) as never);
  const before = loaded;
  loaded = undefined;
  if (before !== undefined) await allTexts(language);
  (i18n.global.locale as unknown as { value: Language }).value = language;
  document.documentElement.lang = language;
}

/** Those of all other screens: to be awaited before one of them is shown. */
export function allTexts(language = (i18n.global.locale as unknown as { value: Language }).value): Promise<void> {
  if (loaded?.language !== language) {
    const all = LATER[language]().then((texts) => i18n.global.mergeLocaleMessage(language, texts as never));
    all.catch(() => (loaded = undefined));
    loaded = { language, all };
  }
  return loaded.all;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await useLanguage(language);
}
