import type { ConversationItem } from '@parley/client';
import { useParley } from '@parley/client/vue';
import { Archive, ArchiveRestore, Bell, BellOff, CheckCheck, LogOut, Pin, PinOff } from '@lucide/vue';
import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { confirm, type MenuEntry, useToast } from '../ui';

/** What can be done with a conversation from the list: by its menu, or by a key while its row has the focus. */
export function useRowActions() {
  const parley = useParley();
  const router = useRouter();
  const toast = useToast();
  const { t } = useI18n();
  const { conversations } = parley;

  const attempt = (work: Promise<unknown>): void => void work.catch((error: unknown) => toast.failed(error));
  const set = (item: ConversationItem, change: { muted?: boolean; pinned?: boolean; archived?: boolean }): void =>
    attempt(conversations.setSettings(item.conversationId, change));

  const pin = (item: ConversationItem): void => set(item, { pinned: !item.settings.pinned });
  const mute = (item: ConversationItem): void => set(item, { muted: !item.settings.muted });
  const read = (item: ConversationItem): void => conversations.markRead(item.conversationId);

  function archive(item: ConversationItem): void {
    const archived = !item.settings.archived;
    set(item, { archived });
    const undo = { label: t('list.undo'), run: () => set(item, { archived: !archived }) };
    toast.info(archived ? t('list.nowArchived') : t('list.nowRestored'), undo);
  }

  async function leave(item: ConversationItem): Promise<void> {
    const sure = await confirm({
      title: t('list.leaveTitle', { title: item.displayTitle }),
      text: t('list.leaveText'),
      confirm: t('list.leave'),
      danger: true,
    });
    if (!sure) return;
    try {
      await conversations.leave(item.conversationId);
      if (router.currentRoute.value.params['conversationId'] === item.conversationId)
        await router.push({ name: 'home' });
    } catch (error) {
      toast.failed(error);
    }
  }

  function entriesFor(item: ConversationItem): MenuEntry[] {
    const { muted, pinned, archived } = item.settings;
    const many = item.kind === 'group' || item.kind === 'room';
    return [
      item.unreadCount > 0 && { label: t('list.markRead'), icon: CheckCheck, shortcut: 'R', select: () => read(item) },
      {
        label: pinned ? t('list.unpin') : t('list.pin'),
        icon: pinned ? PinOff : Pin,
        shortcut: 'P',
        select: () => pin(item),
      },
      {
        label: muted ? t('list.unmute') : t('list.mute'),
        icon: muted ? Bell : BellOff,
        shortcut: 'M',
        select: () => mute(item),
      },
      {
        label: archived ? t('list.unarchive') : t('list.archive'),
        icon: archived ? ArchiveRestore : Archive,
        shortcut: 'E',
        select: () => archive(item),
      },
      'line',
      many && { label: t('list.leave'), icon: LogOut, danger: true, select: () => void leave(item) },
    ];
  }

  const KEYS: Readonly<Record<string, (item: ConversationItem) => void>> = { p: pin, m: mute, e: archive, r: read };

  /** Answers whether the key meant something. */
  function onKey(event: KeyboardEvent, item: ConversationItem): boolean {
    const action = event.shiftKey ? undefined : KEYS[event.key];
    action?.(item);
    return action !== undefined;
  }

  return { entriesFor, onKey };
}
