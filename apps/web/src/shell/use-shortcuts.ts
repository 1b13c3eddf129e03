import { useParley } from '@parley/client/vue';
import { onScopeDispose } from 'vue';
import { useRouter } from 'vue-router';
import { isMod } from '../lib/keys';
import { neighbour } from './neighbour';

/** The keys that work everywhere. Those of a screen are the screen's. */
export function useShortcuts(actions: { openSwitcher: () => void }): void {
  const parley = useParley();
  const router = useRouter();

  function go(step: 1 | -1): void {
    const open = router.currentRoute.value.params['conversationId'];
    const next = neighbour(parley.conversations.value, typeof open === 'string' ? open : undefined, step);
    if (next !== undefined) void router.push({ name: 'conversation', params: { conversationId: next } });
  }

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return;
    if (isMod(event) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') actions.openSwitcher();
    else if (event.altKey && !event.ctrlKey && !event.metaKey && event.key === 'ArrowDown') go(1);
    else if (event.altKey && !event.ctrlKey && !event.metaKey && event.key === 'ArrowUp') go(-1);
    else return;
    event.preventDefault();
  }

  addEventListener('keydown', onKey);
  onScopeDispose(() => removeEventListener('keydown', onKey));
}
