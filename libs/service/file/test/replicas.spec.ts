import type { SqlDatabase } from '@parley/adapter-sql';
import { forEachEngine } from '@parley/adapter-sql/testing';
import {
  CollectFiles,
  CompleteUpload,
  CreateUpload,
  type CreateUploadCommand,
  DeleteFile,
  Discard,
  type FileRecord,
  Thumbnails,
  UploadTickets,
} from '@parley/core-file';
import { CountingIds, FakeConversations, FakePictures, pngOf, type SetClock } from '@parley/core-file/testing';
import type { FileId, UserId } from '@parley/kernel';
import { Outbox } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { engine } from '@parley/testing';
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileTypeSniffer } from '../src/outbound/file-type-sniffer.js';
import { SqlFileStore } from '../src/outbound/sql-file-store.js';
import { SqlThumbnailStore } from '../src/outbound/sql-thumbnail-store.js';
import { send } from './support/http-client.js';
import { dropBucket, newBucket, openS3, operator } from './support/s3.js';

const PART = 5 * 1024 ** 2;
const HOUR = 3_600_000;
const limits = {
  ...{ maxBytes: 10 * PART, quotaBytes: 10 * PART, maxPixels: 1_000_000, partBytes: PART },
  ...{ decodedPixels: 1_000_000, decodedBytes: 10 * PART },
  ...{ uploadTtlMs: 900_000, downloadTtlMs: 300_000, abandonedAfterMs: 24 * HOUR },
};
const ann = 'ann' as UserId;
const bytes = pngOf(30, 20, 2 * PART);
const sha256 = createHash('sha256').update(bytes).digest('hex');

/** What one process of the file service is made of. Nothing is shared but the database and the bucket. */
async function replica(database: SqlDatabase, bucket: string, log: CollectedLog) {
  const { storage, clock } = await openS3(bucket);
  const outbox = new Outbox(database, log);
  const files = new SqlFileStore(database, outbox);
  const tickets = new UploadTickets(files, storage, clock, limits);
  const thumbnails = new SqlThumbnailStore(database);
  const discard = new Discard(storage, thumbnails);
  const maker = new Thumbnails(thumbnails, storage, new FakePictures(), limits);
  const ids = new CountingIds(randomBytes(4).toString('hex'));
  return {
    ...{ files, storage, clock, outbox },
    create: new CreateUpload(files, tickets, new FakeConversations(), clock, ids, limits),
    maker,
    complete: new CompleteUpload(files, storage, new FileTypeSniffer(), maker, limits),
    remove: new DeleteFile(files, discard),
    collect: new CollectFiles(files, discard, clock, limits),
  };
}

type Replica = Awaited<ReturnType<typeof replica>>;

describe.skipIf(engine('s3') === undefined)('two processes of the file service on one S3', () => {
  const bucket = newBucket();
  beforeAll(async () => (await openS3(bucket)).storage.close());
  afterAll(() => dropBucket(bucket));

  forEachEngine((_, open) => {
    let first: Replica;
    let second: Replica;
    let log: CollectedLog;
    let close: () => Promise<void>;

    beforeEach(async () => {
      const opened = await open('file');
      log = new CollectedLog();
      const [one, two = one] = opened.databases;
      [first, second] = [await replica(one, bucket, log), await replica(two, bucket, log)];
      close = opened.close;
    });
    afterEach(async () => {
      for (const { outbox, storage } of [first, second]) {
        await outbox.stop();
        storage.close();
      }
      await close();
    });

    const announced = async (at: Replica, more: Partial<CreateUploadCommand> = {}) => {
      const { file, parts } = await at.create.execute({
        ...{ actorId: ann, name: 'a.png', size: bytes.length, contentType: 'image/png', sha256 },
        ...{ conversationId: '', idempotencyKey: 'k' },
        ...more,
      });
      return { file, parts: parts?.parts ?? [], uploaded: parts?.uploaded ?? [] };
    };
    const upload = (parts: Awaited<ReturnType<typeof announced>>['parts']) =>
      Promise.all(
        parts.map(async ({ number, request }) => {
          const piece = bytes.subarray((number - 1) * PART, number * PART);
          return (await send(request, piece)).status;
        }),
      );
    const complete = (at: Replica, fileId: FileId) => at.complete.execute({ actorId: ann, fileId });
    const openUploads = async ({ objectKey }: FileRecord) =>
      (await Array.fromAsync(operator().listIncompleteUploads(bucket, objectKey, true))).length;
    const published = async () => {
      for (const { outbox } of [first, second]) await outbox.flush();
      return log.records.map(({ topic }) => topic);
    };

    it('go on with what the other began', async () => {
      const begun = await announced(first);
      expect(await upload(begun.parts.slice(0, 1))).toEqual([200]);
      const resumed = await announced(second);
      expect([resumed.file.fileId, resumed.uploaded, resumed.parts.map((part) => part.number)]).toEqual([
        begun.file.fileId,
        [1],
        [2, 3],
      ]);
      expect(await upload(resumed.parts)).toEqual([200, 200]);
      expect(await complete(first, begun.file.fileId)).toMatchObject({ state: 'ready', sha256, width: 30 });
      expect((await announced(second)).file.state).toBe('ready');
      expect(await openUploads(begun.file)).toBe(0);
    });

    it('make one file and one upload of one announcement', async () => {
      const all = await Promise.all([first, second, first, second, first, second].map((at) => announced(at)));
      expect(new Set(all.map(({ file }) => file.fileId)).size).toBe(1);
      const [{ file }] = all as [(typeof all)[0]];
      expect(await openUploads(file)).toBe(1);
      expect(await first.files.usage(ann)).toBe(bytes.length);
      // URLs of every answer lead to the same upload.
      await Promise.all(all.map(({ parts }, at) => upload(parts.slice(at % 3, (at % 3) + 1))));
      expect((await complete(second, file.fileId)).state).toBe('ready');
    });

    it('complete a file once', async () => {
      const { file, parts } = await announced(first);
      await upload(parts);
      const answers = await Promise.all([first, second, first, second].map((at) => complete(at, file.fileId)));
      expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(await published()).toEqual(['parley.file.ready.v1']);
    });

    it('leave nothing of a file that one deletes while the other completes it', async () => {
      const { file, parts } = await announced(first);
      await upload(parts);
      const late = parts.slice(0, 1);
      await Promise.allSettled([
        complete(second, file.fileId),
        first.remove.execute({ actorId: ann, fileId: file.fileId }),
      ]);
      await first.collect.execute();
      expect(await second.files.find(file.fileId)).toBeUndefined();
      expect(await second.storage.stat(file.objectKey)).toBeUndefined();
      expect(await openUploads(file)).toBe(0);
      expect(await second.files.usage(ann)).toBe(0);
      expect(await upload(late)).toEqual([404]);
    });

    it('collect abandoned uploads together, and nothing else', async () => {
      const kept = await announced(first, { idempotencyKey: 'kept' });
      await upload(kept.parts);
      await complete(first, kept.file.fileId);
      const { file, parts } = await announced(first);
      await upload(parts.slice(0, 1));
      for (const { clock } of [first, second]) (clock as SetClock).pass(25 * HOUR);
      await Promise.all([first, second, first].map((at) => at.collect.execute()));
      expect(await openUploads(file)).toBe(0);
      expect(await first.files.find(file.fileId)).toBeUndefined();
      expect(await first.files.usage(ann)).toBe(bytes.length);
      expect(await first.storage.stat(kept.file.objectKey)).toEqual({ size: bytes.length });
    });

    it('make one thumbnail of each size together, and leave none when the file goes meanwhile', async () => {
      const { file, parts } = await announced(first);
      await upload(parts);
      const ready = await complete(first, file.fileId);
      const keys = await Promise.all(
        [first, second, first, second].map(async (at) => (await at.maker.of(ready, 64)).objectKey),
      );
      expect(new Set(keys).size).toBe(1);
      expect(await first.storage.stat(keys[0] as string)).toBeDefined();
      const outcomes = await Promise.allSettled([
        first.maker.of({ ...ready, width: 900 }, 640),
        second.remove.execute({ actorId: ann, fileId: file.fileId }),
        second.maker.of({ ...ready, width: 900 }, 1280),
      ]);
      expect(outcomes[1]).toMatchObject({ status: 'fulfilled' });
      for (const one of outcomes)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'file.not_found' });
      for (const edge of [64, 320, 640, 1280])
        expect(await first.storage.stat(`${file.objectKey}-${edge}`), String(edge)).toBeUndefined();
    });

    it('never book more than the quota together', async () => {
      const many = Array.from({ length: 12 }, (_, at) =>
        announced(at % 2 === 0 ? first : second, { idempotencyKey: `${at}` }),
      );
      const outcomes = await Promise.allSettled(many);
      const made = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value.file] : []));
      expect(made).toHaveLength(4);
      expect(await first.files.usage(ann)).toBe(4 * bytes.length);
      for (const { fileId } of made) await second.remove.execute({ actorId: ann, fileId });
      expect(await first.files.usage(ann)).toBe(0);
    });
  });
});
