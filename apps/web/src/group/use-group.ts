import { useObservable, useParley } from '@parley/client/vue';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useToast } from '../ui';

/** A conversation, what I may do in it, and how to try something and say so when it fails. */
export function useGroup(conversationId: MaybeRefOrGetter<string>) {
  const parley = useParley();
  const toast = useToast();
  const conversation = useObservable(() => parley.conversations.get(toValue(conversationId)));
  const session = useObservable(() => parley.session);
  const myId = computed(() => (session.value.status === 'signed-in' ? session.value.user.userId : ''));
  const isOwner = computed(() => conversation.value?.role === 'owner');
  const rules = computed(() => isOwner.value || conversation.value?.role === 'admin');
  const isGroup = computed(() => conversation.value?.kind === 'group' || conversation.value?.kind === 'room');
  const alive = computed(() => conversation.value !== undefined && !conversation.value.disbanded);
  const mayInvite = computed(
    () => alive.value && isGroup.value && (rules.value || conversation.value?.joinPolicy === 'open'),
  );

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      toast.failed(error);
      return false;
    }
  }

  return { parley, toast, conversation, myId, isOwner, rules, isGroup, alive, mayInvite, attempt };
}
