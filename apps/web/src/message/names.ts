import { useParley } from '@parley/client/vue';
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';

/** The names of several people, by id, kept true; a word for those who are not known (yet). */
export function useNames(userIds: () => readonly string[]): Readonly<Ref<ReadonlyMap<string, string>>> {
  const parley = useParley();
  const { t } = useI18n();
  const names = shallowRef<ReadonlyMap<string, string>>(new Map());
  let stops: (() => void)[] = [];
  const letGo = (): void => {
    for (const stop of stops) stop();
    stops = [];
  };
  watch(
    () => userIds().join(' '),
    () => {
      letGo();
      const people = [...new Set(userIds())].map((id) => [id, parley.people.get(id)] as const);
      const read = (): void => {
        names.value = new Map(people.map(([id, person]) => [id, person.value?.displayName ?? t('message.somebody')]));
      };
      stops = people.map(([, person]) => person.subscribe(read));
      read();
    },
    { immediate: true },
  );
  onScopeDispose(letGo);
  return names;
}
