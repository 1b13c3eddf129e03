import { contactV1, conversationV1 } from '@parley/contracts/rpc';
import { gatewayNodes, kafkaSettings, mysqlSettings, type ServiceProcess } from '@parley/platform';
import { ConversationModule, conversationSettings } from '@parley/service-conversation';

const settings = { ...conversationSettings, ...mysqlSettings, ...kafkaSettings };

export const conversation: ServiceProcess<typeof settings> = {
  name: 'conversation',
  answers: [conversationV1.ConversationServiceService, contactV1.ContactServiceService],
  settings,
  async compose(given, { engines, addresses }) {
    const database = await engines.mysql(given);
    const options = { database, settings: given, gatewayNodes: gatewayNodes(addresses) };
    return { module: ConversationModule.with(options), log: await engines.kafka(given) };
  },
};
