import { changed, type SqlDatabase, transact } from '@parley/adapter-sql';
import { type Look, type Thumbnail, type ThumbnailState, ThumbnailStore } from '@parley/core-file';
import type { FileId } from '@parley/kernel';
import type { EntityManager } from 'typeorm';
import type { Row } from './file-rows.js';

const COLUMNS = 'file_id, size, object_key, state';

/** Rows beside those of files. Each change asks in its transaction whether the file is still ready. */
export class SqlThumbnailStore extends ThumbnailStore {
  constructor(private readonly database: SqlDatabase) {
    super();
  }

  find(fileId: FileId, edge: number): Promise<Thumbnail | undefined> {
    return one(this.database.read, fileId, edge);
  }

  begin(thumbnail: Thumbnail): Promise<Thumbnail | undefined> {
    const { fileId, edge, objectKey, state } = thumbnail;
    return transact(this.database, async (tx) => {
      const ready: Row[] = await tx.query("SELECT file_id FROM files WHERE file_id = ? AND state = 'ready'", [fileId]);
      if (ready.length === 0) return undefined;
      const noted = await one(tx, fileId, edge);
      if (noted !== undefined) return noted;
      await tx.query(`INSERT INTO thumbnails (${COLUMNS}) VALUES (?, ?, ?, ?)`, [fileId, edge, objectKey, state]);
      return thumbnail;
    });
  }

  finish(fileId: FileId, edge: number, { width, height, blurhash }: Look): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const look = "UPDATE files SET width = ?, height = ?, blurhash = ? WHERE file_id = ? AND state = 'ready'";
      if ((await changed(tx, look, [width, height, blurhash, fileId])) === 0) return false;
      const ready = "UPDATE thumbnails SET state = 'ready' WHERE file_id = ? AND size = ?";
      return (await changed(tx, ready, [fileId, edge])) > 0;
    });
  }

  async fail(fileId: FileId, edge: number): Promise<void> {
    await this.database.transaction((tx) =>
      changed(tx, "UPDATE thumbnails SET state = 'failed' WHERE file_id = ? AND size = ? AND state = 'making'", [
        fileId,
        edge,
      ]),
    );
  }

  async of(fileId: FileId): Promise<Thumbnail[]> {
    const rows: Row[] = await this.database.read.query(`SELECT ${COLUMNS} FROM thumbnails WHERE file_id = ?`, [fileId]);
    return rows.map(thumbnailOf);
  }
}

async function one(manager: EntityManager, fileId: FileId, edge: number): Promise<Thumbnail | undefined> {
  const [row]: Row[] = await manager.query(`SELECT ${COLUMNS} FROM thumbnails WHERE file_id = ? AND size = ?`, [
    fileId,
    edge,
  ]);
  return row && thumbnailOf(row);
}

function thumbnailOf(row: Row): Thumbnail {
  return {
    fileId: row['file_id'] as FileId,
    edge: Number(row['size']),
    objectKey: String(row['object_key']),
    state: row['state'] as ThumbnailState,
  };
}
