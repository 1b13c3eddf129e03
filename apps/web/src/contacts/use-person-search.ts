import type { ParleyError, User } from '@parley/client';
import { useParley } from '@parley/client/vue';
import { type Ref, ref, shallowRef, watch } from 'vue';

/** Everybody on the server whose name begins so, while one types. */
export function usePersonSearch(typed: Readonly<Ref<string>>) {
  const parley = useParley();
  const people = shallowRef<readonly User[]>([]);
  const searching = ref(false);
  const error = shallowRef<ParleyError>();

  watch(
    typed,
    (text, _before, onCleanup) => {
      const q = text.trim();
      error.value = undefined;
      searching.value = q !== '';
      if (q === '') {
        people.value = [];
        return;
      }
      let current = true;
      const timer = setTimeout(async () => {
        try {
          const { items } = await parley.people.search(q);
          if (current) people.value = items;
        } catch (failed) {
          if (current) error.value = failed as ParleyError;
        } finally {
          if (current) searching.value = false;
        }
      }, 250);
      onCleanup(() => {
        current = false;
        clearTimeout(timer);
      });
    },
    { immediate: true },
  );
  return { people, searching, error };
}
