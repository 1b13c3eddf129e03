import { type ParleyClient, until } from '@parley/client';
import type { Router } from 'vue-router';
import { wantedPath } from './wanted-path';

/** Who is not signed in sees the welcome and nothing else, and comes to where they wanted afterwards: an invitation, say. */
export function guardRoutes(router: Router, parley: ParleyClient): void {
  router.beforeEach(async (to) => {
    const { status } = await until(parley.session, (state) => state.status !== 'loading');
    if (status === 'signed-out' && to.meta['open'] !== true)
      return { name: 'welcome', query: to.fullPath === '/' ? {} : { to: to.fullPath } };
    if (status === 'signed-in' && to.name === 'welcome') return wantedPath(to.query['to']);
    return true;
  });

  // Signing in and out in this tab or another.
  parley.session.subscribe((state) => {
    const { name, query, fullPath, meta } = router.currentRoute.value;
    if (state.status === 'signed-in' && name === 'welcome') void router.replace(wantedPath(query['to']));
    if (state.status === 'signed-out' && meta['open'] !== true) {
      // Somebody who left does not want to come back to the same place as somebody else.
      const to = state.reason === 'expired' || state.reason === 'revoked' ? { to: fullPath } : {};
      void router.replace({ name: 'welcome', query: fullPath === '/' ? {} : to });
    }
  });
}
