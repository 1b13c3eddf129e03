import { defineStore } from 'pinia';
import { computed, reactive, watch } from 'vue';
import { type Preferences, readPreferences } from './preferences-data';

const KEY = 'parley.preferences';

/** What was chosen on this device; the same in all its tabs, from the first paint on. */
export const usePreferences = defineStore('preferences', () => {
  const chosen = reactive<Preferences>(readPreferences(localStorage.getItem(KEY)));
  const system = matchMedia('(prefers-color-scheme: dark)');
  const state = reactive({ systemDark: system.matches });
  system.addEventListener('change', () => (state.systemDark = system.matches));

  const dark = computed(() => chosen.theme === 'dark' || (chosen.theme === 'system' && state.systemDark));

  watch(chosen, () => localStorage.setItem(KEY, JSON.stringify(chosen)));
  addEventListener('storage', (event) => {
    if (event.key === KEY) Object.assign(chosen, readPreferences(event.newValue));
  });

  watch(
    () => [dark.value, chosen.textSize, chosen.density] as const,
    ([isDark, textSize, density]) => {
      const root = document.documentElement;
      root.dataset['theme'] = isDark ? 'dark' : 'light';
      root.dataset['density'] = density;
      root.dataset['text'] = textSize;
    },
    { immediate: true },
  );

  return { chosen, dark };
});
