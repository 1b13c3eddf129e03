import type { ConversationItem, MessageItem } from '@parley/client';
import { useParley } from '@parley/client/vue';
import { onScopeDispose, type Ref } from 'vue';

const PAUSE_MS = 500;

/** What is typed and not sent stays: written when typing pauses and when the conversation is left. An edit is no draft. */
export function useDraft(
  conversationId: string,
  conversation: Readonly<Ref<ConversationItem | undefined>>,
  text: Ref<string>,
  editing: Readonly<Ref<MessageItem | undefined>>,
): { keep: (now?: boolean) => void } {
  const { conversations } = useParley();
  let timer: ReturnType<typeof setTimeout> | undefined;
  text.value = conversation.value?.draft ?? '';

  function save(): void {
    clearTimeout(timer);
    timer = undefined;
    if (editing.value === undefined) conversations.saveDraft(conversationId, text.value);
  }
  onScopeDispose(() => timer !== undefined && save());
  return {
    keep: (now = false) => {
      clearTimeout(timer);
      if (now) save();
      else timer = setTimeout(save, PAUSE_MS);
    },
  };
}
