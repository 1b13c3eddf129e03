import type { ConversationItem, MessageItem, MessageWindow, WindowState } from '@parley/client';
import type { ComputedRef, InjectionKey, Ref, ShallowRef } from 'vue';
import { inject } from 'vue';
import type { Action } from '../message/actions';

/** What the parts of an open conversation share. */
export interface ConversationContext {
  readonly conversationId: string;
  readonly conversation: Readonly<Ref<ConversationItem | undefined>>;
  readonly window: MessageWindow;
  readonly state: Readonly<Ref<WindowState>>;
  readonly myId: ComputedRef<string>;
  /** More than two people: names and avatars are shown. */
  readonly many: ComputedRef<boolean>;
  readonly maySend: ComputedRef<boolean>;
  /** Who has read up to a message of mine and no further of mine, by its seq. */
  readonly readersAt: ComputedRef<ReadonlyMap<number, readonly string[]>>;
  /** What the composer answers to or changes. */
  readonly replyTo: ShallowRef<MessageItem | undefined>;
  readonly editing: ShallowRef<MessageItem | undefined>;
  /** Keys of the chosen messages; undefined while nobody chooses. */
  readonly selected: ShallowRef<ReadonlySet<string> | undefined>;
  /** The picture or video that fills the screen, by the key of its message. */
  readonly viewing: ShallowRef<string | undefined>;
  /** Grows when the message field should have the focus. */
  readonly focusComposer: Ref<number>;
  act(action: Action, message: MessageItem): void;
  react(message: MessageItem, emoji: string): void;
  /** Shows a message, wherever it is, and marks it for a moment. */
  show(place: { messageId: string } | { seq: number } | { date: Date }): Promise<void>;
  send(text: string, mentions: readonly string[]): void;
  toLatest(): void;
}

export const CONVERSATION: InjectionKey<ConversationContext> = Symbol('conversation');

export function useConversation(): ConversationContext {
  const context = inject(CONVERSATION);
  if (context === undefined) throw new Error('outside of a conversation');
  return context;
}
