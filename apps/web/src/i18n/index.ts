import { createI18n } from 'vue-i18n';
import { en } from './en';

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
  fallbackLocale: 'en',
  messages: { en: en as never },
  datetimeFormats: { en: { dateTime }, 'zh-CN': { dateTime } },
});

/** Chinese is loaded when it is wanted: half of the visitors do not. */
export async function useLanguage(language: Language): Promise<void> {
  if (language === 'zh-CN') i18n.global.setLocaleMessage('zh-CN', (await import('./zh-CN')).zhCN as never);
  (i18n.global.locale as unknown as { value: Language }).value = language;
  document.documentElement.lang = language;
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await useLanguage(language);
}
