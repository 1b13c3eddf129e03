import {
  type ComputedRef,
  computed,
  type MaybeRefOrGetter,
  onScopeDispose,
  type Ref,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import type { Contact, Person, Presence } from '../api.js';
import type { ParleyError } from '../errors.js';
import type {
  ConnectionState,
  ConversationItem,
  MemberList,
  MemberListState,
  MessageWindow,
  SessionState,
  Typing,
  UnreadTotal,
  WindowState,
} from '../types.js';
import { useObservable } from './observable.js';
import { useParley } from './parley.js';

type Id = MaybeRefOrGetter<string>;
type MaybeId = MaybeRefOrGetter<string | undefined>;

export const useSession = (): ComputedRef<SessionState> => useObservable(useParley().session);

export const useConnection = (): ComputedRef<ConnectionState> => useObservable(useParley().connection);

export function useConversations(): {
  conversations: ComputedRef<readonly ConversationItem[]>;
  loaded: ComputedRef<boolean>;
  unread: ComputedRef<UnreadTotal>;
} {
  const { conversations } = useParley();
  return {
    conversations: useObservable<readonly ConversationItem[]>(conversations),
    loaded: useObservable(conversations.loaded),
    unread: useObservable(conversations.unread),
  };
}

export function useConversation(conversationId: MaybeId): ComputedRef<ConversationItem | undefined> {
  const { conversations } = useParley();
  return useObservable(() => {
    const id = toValue(conversationId);
    return id === undefined ? undefined : conversations.get(id);
  });
}

/** The window on a conversation, opened; released when the id changes or the component goes. */
export function useMessages(conversationId: Id): {
  window: ComputedRef<MessageWindow>;
  state: ComputedRef<WindowState>;
} {
  const parley = useParley();
  const window = computed(() => parley.messages(toValue(conversationId)));
  const state = useObservable<WindowState>(() => window.value);
  releasing(window);
  return { window, state };
}

export function useMembers(conversationId: Id): { list: ComputedRef<MemberList>; state: ComputedRef<MemberListState> } {
  const parley = useParley();
  const list = computed(() => parley.members(toValue(conversationId)));
  const state = useObservable<MemberListState>(() => list.value);
  releasing(list);
  return { list, state };
}

export function usePerson(userId: MaybeId): ComputedRef<Person | undefined> {
  const { people } = useParley();
  return useObservable(() => {
    const id = toValue(userId);
    return id === undefined ? undefined : people.get(id);
  });
}

/** Watched while the component is there. */
export function usePresence(userId: MaybeId): ComputedRef<Presence | undefined> {
  const { presence } = useParley();
  return useObservable(() => {
    const id = toValue(userId);
    return id === undefined ? undefined : presence.of(id);
  });
}

/** Who else types, and how to say that I do. Leaving the conversation says that I stopped. */
export function useTyping(conversationId: Id): {
  typing: ComputedRef<readonly Typing[]>;
  setTyping: (state: 'typing' | 'recording' | 'stopped') => void;
} {
  const parley = useParley();
  const typing = useObservable<readonly Typing[]>(() => parley.typing(toValue(conversationId)));
  watch(
    () => toValue(conversationId),
    (id, _before, onCleanup) => onCleanup(() => parley.setTyping(id, 'stopped')),
    { immediate: true, flush: 'sync' },
  );
  return { typing, setTyping: (state) => parley.setTyping(toValue(conversationId), state) };
}

export function useContacts(): { contacts: ComputedRef<readonly Contact[]>; loaded: ComputedRef<boolean> } {
  const { contacts } = useParley();
  // What fails is tried again with the next connection, or by whoever shows the error of a call of their own.
  contacts.open().catch(() => undefined);
  return { contacts: useObservable<readonly Contact[]>(contacts), loaded: useObservable(contacts.loaded) };
}

/** The address of a file for `src` or `href`; undefined while it is asked for. `renew` asks again, for an element that failed to load. */
export function useFileUrl(
  fileId: MaybeId,
  options: { thumbnail?: 64 | 160 | 320 | 640 | 1280 } = {},
): { url: Readonly<Ref<string | undefined>>; error: Readonly<Ref<ParleyError | undefined>>; renew: () => void } {
  const { files } = useParley();
  const url = shallowRef<string>();
  const error = shallowRef<ParleyError>();
  let turn = 0;
  const renew = (): void => {
    const id = toValue(fileId);
    const mine = ++turn;
    error.value = undefined;
    if (id === undefined) return;
    files.url(id, options).then(
      (found) => {
        if (mine === turn) url.value = found;
      },
      (failed: ParleyError) => {
        if (mine === turn) error.value = failed;
      },
    );
  };
  watch(
    () => toValue(fileId),
    () => {
      url.value = undefined;
      renew();
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(() => (turn += 1));
  return { url, error, renew };
}

/** Lets go of what was on the screen; it is opened by being subscribed to. */
function releasing(source: ComputedRef<{ release(): void }>): void {
  watch(source, (current, _before, onCleanup) => onCleanup(() => current.release()), {
    immediate: true,
    flush: 'sync',
  });
}
