import { computed, readonly, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { ago, clockTime, dayLabel, fullTime, listTime, localeFor, longDate } from './time';

// One clock for the page; `5 minutes ago` need not be truer than this.
const now = ref(Date.now());
setInterval(() => (now.value = Date.now()), 30_000);

/** Times in the language of the page, kept true while they are on the screen. Takes the server's text or ms. */
export function useTime() {
  const { locale } = useI18n();
  const tag = computed(() => localeFor(locale.value, navigator.languages));
  const ms = (at: string | number): number => (typeof at === 'number' ? at : Date.parse(at));
  return {
    now: readonly(now),
    locale: tag,
    list: (at: string | number) => listTime(ms(at), now.value, tag.value),
    day: (at: string | number) => dayLabel(ms(at), now.value, tag.value),
    clock: (at: string | number) => clockTime(ms(at), tag.value),
    full: (at: string | number) => fullTime(ms(at), tag.value),
    date: (at: string | number) => longDate(ms(at), tag.value),
    ago: (at: string | number) => ago(ms(at), now.value, tag.value),
  };
}
