import { useParley } from '@parley/client/vue';
import { useI18n } from 'vue-i18n';
import { confirm, useToast } from '../ui';

/** Signing out deletes what is kept here: asks first when that would lose something. */
export function useSignOut(): () => Promise<void> {
  const parley = useParley();
  const { t } = useI18n();
  const toast = useToast();

  return async () => {
    const { waiting } = parley.connection.value;
    const session = parley.session.value;
    const guest = session.status === 'signed-in' && session.user.kind === 'guest';
    const text =
      waiting > 0 ? t('shell.signOutWaiting', waiting) : guest ? t('shell.signOutGuest') : t('shell.signOutText');
    const sure = await confirm({
      title: t('shell.signOutTitle'),
      text,
      confirm: t('shell.signOut'),
      danger: waiting > 0 || guest,
    });
    if (!sure) return;
    await parley.session.logout().catch((error: unknown) => toast.failed(error));
  };
}
