import { useObservable, useParley, useSession } from '@parley/client/vue';
import { computed, watch } from 'vue';
import type { PlaceName } from './places';

/** What waits at a place: unread messages, requests to answer. */
export function useCounts() {
  const parley = useParley();
  const unread = useObservable(parley.conversations.unread);
  const incoming = useObservable(parley.contacts.incoming);
  const session = useSession();
  // Guests have none, and are refused.
  watch(
    () => session.value.status === 'signed-in' && session.value.user.kind === 'user',
    (has) => has && void parley.contacts.open().catch(() => undefined),
    { immediate: true },
  );
  const counts = computed<Partial<Record<PlaceName, number>>>(() => ({
    home: unread.value.messages,
    contacts: incoming.value.length,
  }));
  return { counts };
}
