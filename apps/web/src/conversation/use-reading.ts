import { useParley } from '@parley/client/vue';
import { onScopeDispose, type Ref, ref, watch } from 'vue';
import type { ConversationContext } from './context';

/** Tells how far I have read: what is on the screen, while the page is looked at. */
export function useReading({
  conversationId,
  conversation,
}: Pick<ConversationContext, 'conversationId' | 'conversation'>): {
  /** The newest seq that is on the screen; `undefined` where the newest of all is. */
  seen: (seq: number | undefined) => void;
  /** The page is visible and has the focus. */
  looking: Readonly<Ref<boolean>>;
} {
  const parley = useParley();
  const looking = ref(isLooking());
  const look = (): void => void (looking.value = isLooking());
  const place = ref<{ seq: number | undefined }>();
  for (const event of ['focus', 'blur'] as const) globalThis.addEventListener(event, look);
  document.addEventListener('visibilitychange', look);
  onScopeDispose(() => {
    for (const event of ['focus', 'blur'] as const) globalThis.removeEventListener(event, look);
    document.removeEventListener('visibilitychange', look);
  });

  watch(
    () => [looking.value, place.value, conversation.value?.headSeq, conversation.value?.unreadCount] as const,
    () => {
      const { value: now } = conversation;
      if (!looking.value || place.value === undefined || now?.role === undefined) return;
      const seq = place.value.seq ?? now.headSeq;
      if (seq > now.readSeq) parley.conversations.markRead(conversationId, place.value.seq);
    },
  );
  return {
    looking,
    seen: (seq) => {
      if (place.value === undefined || place.value.seq !== seq) place.value = { seq };
    },
  };
}

function isLooking(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
