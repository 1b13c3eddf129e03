import type { MessageItem, ParleyClient } from '@parley/client';
import { useParley } from '@parley/client/vue';
import { shallowRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { download } from '../media/download';
import { type Action, textOf } from '../message/actions';
import { fileIdOf, textIn } from '../message/content';
import { confirm, useToast } from '../ui';
import type { ConversationContext } from './context';

type Parts = Pick<ConversationContext, 'window' | 'replyTo' | 'editing' | 'selected' | 'focusComposer'>;

export interface Actions {
  act: (action: Action, message: MessageItem) => void;
  react: (message: MessageItem, emoji: string) => void;
  /** Messages that the dialog for forwarding is open for. */
  forwarding: ShallowRef<readonly MessageItem[] | undefined>;
  /** The message whose receipts are looked at. */
  informing: ShallowRef<MessageItem | undefined>;
  /** The message that a reaction is chosen for, from its menu. */
  reacting: ShallowRef<MessageItem | undefined>;
}

/** What each action does. Errors are said; nothing fails in silence. */
export function useActions(parts: Parts): Actions {
  const { window, replyTo, editing, selected, focusComposer } = parts;
  const parley: ParleyClient = useParley();
  const toast = useToast();
  const { t } = useI18n();
  const forwarding = shallowRef<readonly MessageItem[]>();
  const informing = shallowRef<MessageItem>();
  const reacting = shallowRef<MessageItem>();

  const run = (work: Promise<unknown>): void => void work.catch((error: unknown) => toast.failed(error));
  const compose = (what: { reply?: MessageItem; edit?: MessageItem }): void => {
    replyTo.value = what.reply;
    editing.value = what.edit;
    focusComposer.value += 1;
  };
  const select = ({ key }: MessageItem): void => {
    const next = new Set(selected.value ?? []);
    if (!next.delete(key)) next.add(key);
    selected.value = next.size === 0 ? undefined : next;
  };
  const remove = async (messageId: string): Promise<void> => {
    const sure = { title: t('message.remove.title'), text: t('message.remove.text'), confirm: t('message.remove.yes') };
    if (await confirm({ ...sure, danger: true })) await window.remove(messageId);
  };

  function act(action: Action, message: MessageItem): void {
    const messageId = message.messageId ?? '';
    switch (action) {
      case 'reply':
        return compose({ reply: message });
      case 'edit':
        return compose({ edit: message });
      case 'react':
        return void (reacting.value = message);
      case 'copy':
        return run(copy(textOf(message)).then(() => toast.info(t('message.copied'))));
      case 'download':
        return run(download(parley, fileIdOf(message) ?? '', textIn(message.content, 'name')));
      case 'forward':
        return void (forwarding.value = [message]);
      case 'pin':
      case 'unpin':
        return run(window.pin(messageId, action === 'pin'));
      case 'select':
        return select(message);
      case 'info':
        return void (informing.value = message);
      case 'recall':
        return run(window.recall(messageId));
      case 'remove':
        return run(remove(messageId));
      case 'retry':
        return window.retry(message.key);
      case 'pause':
        return window.pause(message.key);
      case 'resume':
        return window.resume(message.key);
      case 'discard':
        return window.discard(message.key);
    }
  }

  function react(message: MessageItem, emoji: string): void {
    const mine = message.reactions?.some((reaction) => reaction.emoji === emoji && reaction.mine === true) ?? false;
    if (message.messageId !== undefined) run(window.react(message.messageId, emoji, !mine));
  }

  return { act, react, forwarding, informing, reacting };
}

/** What is marked with the pointer goes before the whole. */
async function copy(text: string): Promise<void> {
  const marked = document.getSelection()?.toString().trim();
  await navigator.clipboard.writeText(marked === undefined || marked === '' ? text : marked);
}
