import { TIER_LIMITS } from '@parley/contracts';
import { messageV1 } from '@parley/contracts/rpc';
import { openEmbeddedEngines, type ServiceProcess } from '@parley/platform';
import { CommitThread, MessageModule, messageSettings } from '@parley/service-message';

/** Message alone, on embedded engines. */
export const message: ServiceProcess<typeof messageSettings> = {
  name: 'message',
  answers: [messageV1.MessageServiceService],
  settings: messageSettings,
  async compose(settings, onFatal) {
    const { directory, database, log, close } = await openEmbeddedEngines(settings.PARLEY_DATA_DIR, 'message');
    const windows = {
      editMs: settings.PARLEY_EDIT_WINDOW_SECONDS * 1000,
      recallMs: settings.PARLEY_RECALL_WINDOW_SECONDS * 1000,
    };
    const runner = new CommitThread(`${directory}/message.db`, windows, onFatal);
    const receiptTiers = { perMember: TIER_LIMITS.small, counted: TIER_LIMITS.large };
    return {
      module: MessageModule.with({ database, runner, receiptTiers }),
      log,
      checks: { 'message-store': async () => void (await runner.unpublished(1)) },
      close,
    };
  },
};
