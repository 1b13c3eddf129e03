import { contactV1, conversationV1 } from '@parley/contracts/rpc';
import { kafkaSettings, mysqlSettings, type ServiceProcess } from '@parley/platform';
import { ConversationModule, conversationSettings } from '@parley/service-conversation';

const settings = { ...conversationSettings, ...mysqlSettings, ...kafkaSettings };

export const conversation: ServiceProcess<typeof settings> = {
  name: 'conversation',
  answers: [conversationV1.ConversationServiceService, contactV1.ContactServiceService],
  settings,
  async compose(given, { engines }) {
    const database = await engines.mysql(given);
    return { module: ConversationModule.with({ database, settings: given }), log: await engines.kafka(given) };
  },
};
