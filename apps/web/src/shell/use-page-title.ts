import { useObservable, useParley } from '@parley/client/vue';
import { computed, watchEffect } from 'vue';
import { useI18n } from 'vue-i18n';
import { useRoute } from 'vue-router';
import { pageTitle } from '../lib/badge';
import { markFavicon } from './favicon';
import { PLACES } from './places';

/** Where one is and what is unread, in the tab. */
export function usePageTitle(): void {
  const parley = useParley();
  const route = useRoute();
  const { t } = useI18n();
  const unread = useObservable(parley.conversations.unread);
  const open = useObservable(() => parley.conversations.get(String(route.params['conversationId'] ?? '')));
  const place = computed(() => {
    if (route.name === 'conversation') return open.value?.displayTitle;
    const found = PLACES.find(({ name }) => name === route.name);
    return found === undefined || found.name === 'home' ? undefined : t(found.text);
  });

  watchEffect(() => {
    const { messages, mentions } = unread.value;
    document.title = pageTitle({ unread: messages, mentions, place: place.value, app: t('app.name') });
    markFavicon(mentions > 0 ? 'mention' : messages > 0 ? 'unread' : 'none');
  });
}
