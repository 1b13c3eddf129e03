import type { MessageItem } from '@parley/client';
import { useMessages, useObservable, useParley, useSession } from '@parley/client/vue';
import { computed, provide, ref, shallowRef } from 'vue';
import { useTime } from '../lib/use-time';
import { readersBySeq } from '../message/delivery';
import { CONVERSATION, type ConversationContext } from './context';
import { type Gate, gateOf } from './gate';
import { type Actions, useActions } from './use-actions';

/** What the view gives in: how its timeline moves. */
export interface Movement {
  show: ConversationContext['show'];
  toLatest: () => void;
}

/** Makes what the parts of one conversation share, and gives it to them. */
export function useConversationContext(conversationId: string, movement: Movement) {
  const parley = useParley();
  const session = useSession();
  const time = useTime();
  const { window: windowRef, state } = useMessages(conversationId);
  const conversation = useObservable(() => parley.conversations.get(conversationId));
  const blocked = useObservable<readonly string[]>(parley.contacts.blocked);
  const gate = computed<Gate | undefined>(() =>
    conversation.value === undefined ? undefined : gateOf(conversation.value, blocked.value, time.now.value),
  );
  const parts = {
    window: windowRef.value,
    replyTo: shallowRef<MessageItem>(),
    editing: shallowRef<MessageItem>(),
    selected: shallowRef<ReadonlySet<string>>(),
    focusComposer: ref(0),
  };
  const actions: Actions = useActions(parts);

  const context: ConversationContext = {
    ...parts,
    conversationId,
    conversation,
    state,
    myId: computed(() => (session.value.status === 'signed-in' ? session.value.user.userId : '')),
    many: computed(() => conversation.value?.kind === 'group' || conversation.value?.kind === 'room'),
    maySend: computed(() => conversation.value !== undefined && gate.value === undefined),
    readersAt: computed(() => readersBySeq(state.value.items, conversation.value)),
    viewing: shallowRef<string>(),
    act: actions.act,
    react: actions.react,
    show: movement.show,
    toLatest: movement.toLatest,
    send: (text, mentions) => {
      const replyTo = parts.replyTo.value?.messageId;
      parts.replyTo.value = undefined;
      parts.window.send(
        { type: 'text', content: { text } },
        { ...(replyTo === undefined ? {} : { replyTo }), ...(mentions.length === 0 ? {} : { mentions }) },
      );
      movement.toLatest();
    },
  };
  provide(CONVERSATION, context);
  return { context, actions, gate };
}
