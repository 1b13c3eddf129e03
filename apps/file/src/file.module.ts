import { S3ObjectStorage } from '@parley/adapter-object-storage/s3';
import { fileV1 } from '@parley/contracts/rpc';
import { kafkaSettings, mysqlSettings, s3Settings, type ServiceProcess, SystemClock } from '@parley/platform';
import { fileLimits, FileModule, fileSettings } from '@parley/service-file';
import { Logger } from '@nestjs/common';

const settings = { ...fileSettings, ...mysqlSettings, ...kafkaSettings, ...s3Settings };

/** Rows on MySQL, bytes on S3: clients bring them there and get them from there by signed URLs. */
export const file: ServiceProcess<typeof settings> = {
  name: 'file',
  answers: [fileV1.FileServiceService],
  settings,
  async compose(given, { engines }) {
    const logger = new Logger('objects');
    const database = await engines.mysql(given);
    const opening = S3ObjectStorage.open({
      endpoint: given.PARLEY_S3_ENDPOINT,
      publicUrl: given.PARLEY_S3_PUBLIC_URL ?? given.PARLEY_S3_ENDPOINT,
      accessKey: given.PARLEY_S3_ACCESS_KEY,
      secretKey: given.PARLEY_S3_SECRET_KEY,
      region: given.PARLEY_S3_REGION,
      bucket: given.PARLEY_S3_BUCKET,
      abandonedAfterMs: 2 * fileLimits(given).abandonedAfterMs,
      clock: new SystemClock(),
      onTrouble: (line) => logger.warn(line),
    });
    const storage = await engines.keep('objects', opening, {
      check: (objects) => objects.check(),
      close: (objects) => objects.close(),
      // Who may read what, and what there is, is known without the bytes.
      vital: false,
    });
    return { module: FileModule.with({ database, storage, settings: given }), log: await engines.kafka(given) };
  },
};
