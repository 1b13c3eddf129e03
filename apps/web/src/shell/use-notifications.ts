import type { ConversationItem, Message } from '@parley/client';
import { until } from '@parley/client';
import { useParley } from '@parley/client/vue';
import { onScopeDispose } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { watchAttention } from '../lib/attention';
import { chime } from '../lib/chime';
import { previewOf } from '../lib/message-preview';
import { usePreferences } from '../stores/preferences';
import { wantsNotice } from './notify';

/** Tells of new messages while nobody looks; one tab speaks for all. */
export function useNotifications(): void {
  const parley = useParley();
  const router = useRouter();
  const { chosen } = usePreferences();
  const { t } = useI18n();
  const attention = watchAttention();

  async function tell(message: Message, conversation: ConversationItem, mention: boolean): Promise<void> {
    if (!(await attention.shouldSpeak())) return;
    if (chosen.sound) chime();
    if (!chosen.notify || !('Notification' in globalThis) || Notification.permission !== 'granted') return;
    const name = await nameOf(message.senderId);
    const several = conversation.kind === 'group' || conversation.kind === 'room';
    const title = mention
      ? t('shell.notification.mention', { name })
      : several
        ? t('shell.notification.inGroup', { name, title: conversation.displayTitle })
        : name;
    const preview = previewOf(message);
    const words = preview.text === '' ? t(`preview.${preview.kind}`) : preview.text;
    show(title, chosen.notifyText ? words : t('shell.notification.newMessage'), conversation.conversationId);
  }

  function show(title: string, body: string, conversationId: string): void {
    try {
      // One per conversation, the newest.
      const notice = new Notification(title, { body, tag: conversationId, icon: '/icon.svg', silent: true });
      notice.onclick = () => {
        window.focus();
        void router.push({ name: 'conversation', params: { conversationId } });
        notice.close();
      };
    } catch {
      // Phones' browsers show notifications only through a service worker.
    }
  }

  async function nameOf(userId: string): Promise<string> {
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, 1500));
    const person = await Promise.race([until(parley.people.get(userId), (one) => one !== undefined), late]);
    return person?.displayName ?? t('app.name');
  }

  const stop = parley.on('conversation:events', ({ conversationId, events }) => {
    const session = parley.session.value;
    if (session.status !== 'signed-in') return;
    const conversation = parley.conversations.get(conversationId).value;
    for (const event of events) {
      if (event.type !== 'message.created') continue;
      const message = event.data as unknown as Message;
      const wanted = wantsNotice(message, conversation, session.user.userId);
      if (wanted !== 'no' && conversation !== undefined) void tell(message, conversation, wanted === 'mention');
    }
  });
  onScopeDispose(() => {
    stop();
    attention.stop();
  });
}
