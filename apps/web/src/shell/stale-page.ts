import type { Router } from 'vue-router';
import { i18n } from '../i18n';
import { useToast } from '../ui/toast';

/**
 * Screens are fetched when they are wanted. After an update of the server the files of an open page are gone: the page is loaded
 * anew, as the one of the new version. Where the server is merely away nothing is reloaded, as the page could not come back.
 */
export function reloadWhenStale(router: Router): void {
  router.onError(async (_error, to) => {
    if (await isStale()) location.assign(to.fullPath);
    else useToast().info(i18n.global.t('shell.screenFailed'));
  });
}

/** True when the server has a page of another version than this one. */
async function isStale(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type=module][src]');
  if (own === null) return false;
  try {
    const response = await fetch('/', { cache: 'no-store', headers: { accept: 'text/html' } });
    return response.ok && !(await response.text()).includes(new URL(own.src).pathname);
  } catch {
    return false;
  }
}
