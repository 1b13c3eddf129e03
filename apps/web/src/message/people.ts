import type { Person } from '@parley/client';
import { useObservable, useParley } from '@parley/client/vue';
import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';

/** Somebody's name as it stands now; the conversation's own nickname is not looked up here. */
export function usePerson(userId: () => string): {
  person: Readonly<{ value: Person | undefined }>;
  name: ComputedRef<string>;
} {
  const parley = useParley();
  const { t } = useI18n();
  const person = useObservable(() => parley.people.get(userId()));
  return { person, name: computed(() => person.value?.displayName ?? t('message.somebody')) };
}
