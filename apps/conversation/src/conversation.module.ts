import { contactV1, conversationV1 } from '@parley/contracts/rpc';
import { openEmbeddedEngines, type ServiceProcess } from '@parley/platform';
import { ConversationModule, conversationSettings } from '@parley/service-conversation';

/** Conversation alone, on embedded engines. */
export const conversation: ServiceProcess<typeof conversationSettings> = {
  name: 'conversation',
  answers: [conversationV1.ConversationServiceService, contactV1.ContactServiceService],
  settings: conversationSettings,
  async compose(settings) {
    const { database, log, check, close } = await openEmbeddedEngines(settings.PARLEY_DATA_DIR, 'conversation');
    return {
      module: ConversationModule.with({ database, settings }),
      log,
      checks: { database: check },
      close,
    };
  },
};
