import { useObservable, useParley } from '@parley/client/vue';
import { computed, watch } from 'vue';
import { useRouter } from 'vue-router';
import { useToast } from '../ui';
import { type Relation, relationOf } from './relation';

/** My contacts, requests and blocks, and what one can do with somebody. */
export function useBook() {
  const parley = useParley();
  const router = useRouter();
  const toast = useToast();
  const book = parley.contacts;
  const session = useObservable(parley.session);
  /** A guest has no contacts: the server would refuse to list them. */
  const guest = computed(() => session.value.status === 'signed-in' && session.value.user.kind === 'guest');
  watch(guest, (is) => void (is || book.open().catch((error: unknown) => toast.failed(error))), { immediate: true });

  const contacts = useObservable(book);
  const loaded = useObservable(book.loaded);
  const incoming = useObservable(book.incoming);
  const outgoing = useObservable(book.outgoing);
  const blocked = useObservable(book.blocked);
  const me = computed(() => (session.value.status === 'signed-in' ? session.value.user.userId : ''));

  const relation = (userId: string): Relation =>
    relationOf(userId, {
      me: me.value,
      contacts: contacts.value,
      incoming: incoming.value,
      outgoing: outgoing.value,
    });

  /** Says what went wrong; answers whether it went well. */
  async function attempt(work: Promise<unknown>, done?: string): Promise<boolean> {
    try {
      await work;
      if (done !== undefined) toast.success(done);
      return true;
    } catch (error) {
      toast.failed(error);
      return false;
    }
  }

  async function openChat(userId: string): Promise<void> {
    await attempt(
      parley.conversations
        .openDirect(userId)
        .then(({ conversationId }) => router.push({ name: 'conversation', params: { conversationId } })),
    );
  }

  return { book, me, guest, contacts, loaded, incoming, outgoing, blocked, relation, attempt, openChat };
}
