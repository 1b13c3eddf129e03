import { useParley } from '@parley/client/vue';
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { MentionName } from './tokens';

/** Under which names those who are mentioned stand in the text. */
export function useMentionNames(userIds: () => readonly string[]): Readonly<Ref<readonly MentionName[]>> {
  const parley = useParley();
  const { t } = useI18n();
  const names = shallowRef<readonly MentionName[]>([]);
  let stops: (() => void)[] = [];
  const letGo = (): void => {
    for (const stop of stops) stop();
    stops = [];
  };

  watch(
    () => userIds().join(' '),
    () => {
      letGo();
      const ids = userIds();
      // Most messages mention nobody.
      if (ids.length === 0) return void (names.value = []);
      const people = ids.filter((id) => id !== 'all').map((id) => [id, parley.people.get(id)] as const);
      const read = (): void => {
        const known = people.map(([userId, person]) => ({ userId, name: person.value?.displayName ?? '' }));
        names.value = ids.includes('all')
          ? [...known, { userId: 'all', name: t('composer.everybody') }, { userId: 'all', name: 'all' }]
          : known;
      };
      stops = people.map(([, person]) => person.subscribe(read));
      read();
    },
    { immediate: true },
  );
  onScopeDispose(letGo);
  return names;
}
