import { TIER_LIMITS } from '@parley/contracts';
import { messageV1, searchV1 } from '@parley/contracts/rpc';
import { kafkaSettings, mysqlSettings, type ServiceProcess } from '@parley/platform';
import {
  MessageModule,
  messageSettings,
  messageWindows,
  openMysqlMessageLog,
  SqlSearchIndex,
} from '@parley/service-message';

const settings = { ...messageSettings, ...mysqlSettings, ...kafkaSettings };

/** The log of every conversation on MySQL, written by several such processes at once. */
export const message: ServiceProcess<typeof settings> = {
  name: 'message',
  answers: [messageV1.MessageServiceService, searchV1.SearchServiceService],
  settings,
  async compose(given, { engines }) {
    const { database, runner } = await engines.keep(
      'mysql',
      openMysqlMessageLog({
        url: given.PARLEY_MYSQL_URL,
        databasePrefix: given.PARLEY_MYSQL_DATABASE_PREFIX,
        pool: given.PARLEY_MYSQL_POOL,
        windows: messageWindows(given),
      }),
      {
        check: async (log) => void (await log.database.read.query('SELECT 1')),
        close: (log) => log.database.close(),
      },
    );
    const search = given.PARLEY_SEARCH ? new SqlSearchIndex(database) : undefined;
    const receiptTiers = { perMember: TIER_LIMITS.small, counted: TIER_LIMITS.large };
    return { module: MessageModule.with({ database, runner, receiptTiers, search }), log: await engines.kafka(given) };
  },
};
