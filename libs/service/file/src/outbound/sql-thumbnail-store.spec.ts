import { alternating, forEachEngine } from '@parley/adapter-sql/testing';
import { thumbnailStoreContract } from '@parley/core-file/testing';
import { Outbox } from '@parley/platform';
import { CollectedLog } from '@parley/platform/testing';
import { SqlFileStore } from './sql-file-store.js';
import { SqlThumbnailStore } from './sql-thumbnail-store.js';

forEachEngine((name, open) => {
  thumbnailStoreContract(name, async () => {
    const { databases, close } = await open('file');
    const outboxes = databases.map((database) => new Outbox(database, new CollectedLog()));
    const files = databases.map((database, at) => new SqlFileStore(database, outboxes[at] as Outbox));
    const thumbnails = databases.map((database) => new SqlThumbnailStore(database));
    const [firstFiles, firstThumbnails] = [files[0] as SqlFileStore, thumbnails[0] as SqlThumbnailStore];
    return {
      files: alternating(firstFiles, ...files.slice(1)),
      thumbnails: alternating(firstThumbnails, ...thumbnails.slice(1)),
      async close() {
        for (const outbox of outboxes) await outbox.stop();
        await close();
      },
    };
  });
});
