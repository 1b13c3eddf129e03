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

/** Only what is read is loaded. A spec sees to it that no language lacks a text. */
const TEXTS: Readonly<Record<Language, () => Promise<Record<string, unknown>>>> = {
  en: () => import('./en').then(({ en }) => en),
  'zh-CN': () => import('./zh-CN').then(({ zhCN }) => zhCN),
};

export async function useLanguage(language: Language): Promise<void> {
  i18n.global.setLocaleMessage(language, (await TEXTS[language]()) as never);
  (i18n.global.locale as unknown as { value: Language }).value = language;
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await useLanguage(language);
}
