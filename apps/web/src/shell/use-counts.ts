import { useObservable, useParley } from '@parley/client/vue';
import { computed } from 'vue';
import type { PlaceName } from './places';

/** What waits at a place: unread messages, requests to answer. */
export function useCounts() {
  const parley = useParley();
  const unread = useObservable(parley.conversations.unread);
  const incoming = useObservable(parley.contacts.incoming);
  void parley.contacts.open().catch(() => undefined);
  const counts = computed<Partial<Record<PlaceName, number>>>(() => ({
    home: unread.value.messages,
    contacts: incoming.value.length,
  }));
  return { counts };
}
