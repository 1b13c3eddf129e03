import { changed, type SqlDatabase, transact } from '@parley/adapter-sql';
import { type LogRecord, TOPICS } from '@parley/contracts';
import { fileEventsV1 } from '@parley/contracts/rpc';
import {
  type AddOutcome,
  type Attachment,
  type AvatarHolder,
  type FileRecord,
  type FileState,
  FileStore,
  type Refusal,
  type Verified,
} from '@parley/core-file';
import type { FileId, UserId } from '@parley/kernel';
import type { Outbox } from '@parley/platform';
import type { EntityManager } from 'typeorm';
import { attachmentOf, COLUMNS, fileOf, type Row } from './file-rows.js';

/** Every state change is one conditional UPDATE, and what hangs on it (space, events) is in its transaction. */
export class SqlFileStore extends FileStore {
  constructor(
    private readonly database: SqlDatabase,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  add(file: FileRecord, idempotencyKey: string, quotaBytes: number): Promise<AddOutcome> {
    return transact(this.database, async (tx) => {
      const key = idempotencyKey === '' ? null : idempotencyKey;
      const [first]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM files WHERE owner_id = ? AND idempotency_key = ?`, [
        file.ownerId,
        key,
      ]);
      if (first !== undefined) return { is: 'repeated', file: fileOf(first) };
      if (!(await this.book(tx, file, quotaBytes))) return { is: 'over_quota' };
      await tx.query(
        `INSERT INTO files (${COLUMNS}, idempotency_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          ...[file.fileId, file.ownerId, file.name, file.size, file.contentType, file.sha256, file.state, ''],
          ...[file.objectKey, file.partSize, file.uploadId, file.conversationId, file.createdAt],
          ...[file.width, file.height, file.blurhash, key],
        ],
      );
      return { is: 'added' };
    });
  }

  async find(fileId: FileId): Promise<FileRecord | undefined> {
    const [row]: Row[] = await this.database.read.query(
      `SELECT ${COLUMNS} FROM files WHERE file_id = ? AND state <> 'removed'`,
      [fileId],
    );
    return row === undefined ? undefined : fileOf(row);
  }

  setUpload(fileId: FileId, from: string, to: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const values = [to, fileId, from];
      const update = "UPDATE files SET upload_id = ? WHERE file_id = ? AND upload_id = ? AND state = 'pending'";
      return (await changed(tx, update, values)) > 0;
    });
  }

  async markReady(fileId: FileId, verified: Verified): Promise<boolean> {
    const isFirst = await this.database.transaction(async (tx) => {
      const { contentType, sha256, width, height } = verified;
      const count = await changed(
        tx,
        "UPDATE files SET state = 'ready', content_type = ?, sha256 = ?, width = ?, height = ? WHERE file_id = ? AND state = 'pending'",
        [contentType, sha256, width, height, fileId],
      );
      if (count === 0) return false;
      const file = await row(tx, fileId);
      await this.outbox.append(tx, [ready(file)]);
      return true;
    });
    if (isFirst) this.publish();
    return isFirst;
  }

  markRefused(fileId: FileId, reason: Refusal): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const count = await changed(
        tx,
        "UPDATE files SET state = 'refused', refusal = ? WHERE file_id = ? AND state = 'pending'",
        [reason, fileId],
      );
      if (count > 0) await this.free(tx, await row(tx, fileId));
      return count > 0;
    });
  }

  async markRemoved(fileId: FileId): Promise<FileRecord | undefined> {
    const before = await this.remove(fileId, ['pending', 'ready', 'refused']);
    if (before?.state === 'ready') this.publish();
    return before;
  }

  async markAbandoned(fileId: FileId): Promise<boolean> {
    return (await this.remove(fileId, ['pending', 'refused'])) !== undefined;
  }

  async purge(fileId: FileId): Promise<void> {
    await this.database.transaction(async (tx) => {
      const count = await changed(tx, "DELETE FROM files WHERE file_id = ? AND state = 'removed'", [fileId]);
      if (count === 0) return;
      for (const table of ['attachments', 'thumbnails', 'avatars'])
        await tx.query(`DELETE FROM ${table} WHERE file_id = ?`, [fileId]);
    });
  }

  async abandoned(createdBefore: number, limit: number): Promise<FileRecord[]> {
    const rows: Row[] = await this.database.read.query(
      `SELECT ${COLUMNS} FROM files WHERE state IN ('pending', 'refused') AND created_at < ? ORDER BY created_at LIMIT ?`,
      [createdBefore, limit],
    );
    return rows.map(fileOf);
  }

  async removed(limit: number): Promise<FileRecord[]> {
    const rows: Row[] = await this.database.read.query(`SELECT ${COLUMNS} FROM files WHERE state = 'removed' LIMIT ?`, [
      limit,
    ]);
    return rows.map(fileOf);
  }

  async usage(ownerId: UserId): Promise<number> {
    const [found]: Row[] = await this.database.read.query('SELECT bytes FROM space_used WHERE owner_id = ?', [ownerId]);
    return Number(found?.['bytes'] ?? 0);
  }

  async attach(fileId: FileId, { conversationId, headSeq }: Attachment): Promise<void> {
    await transact(this.database, async (tx) => {
      const place = [fileId, conversationId];
      const known: Row[] = await tx.query(
        'SELECT head_seq FROM attachments WHERE file_id = ? AND conversation_id = ?',
        place,
      );
      if (known.length === 0)
        await tx.query('INSERT INTO attachments (file_id, conversation_id, head_seq) VALUES (?, ?, ?)', [
          ...place,
          headSeq,
        ]);
      else
        await tx.query(
          'UPDATE attachments SET head_seq = ? WHERE file_id = ? AND conversation_id = ? AND head_seq < ?',
          [headSeq, ...place, headSeq],
        );
    });
  }

  async attachments(fileId: FileId, limit: number): Promise<Attachment[]> {
    const rows: Row[] = await this.database.read.query(
      'SELECT conversation_id, head_seq FROM attachments WHERE file_id = ? ORDER BY head_seq DESC LIMIT ?',
      [fileId, limit],
    );
    return rows.map(attachmentOf);
  }

  async allowAvatar(fileId: FileId, { kind, id }: AvatarHolder): Promise<void> {
    await transact(this.database, async (tx) => {
      const place = [fileId, kind, id];
      const where = 'file_id = ? AND kind = ? AND holder_id = ?';
      const known: Row[] = await tx.query(`SELECT file_id FROM avatars WHERE ${where}`, place);
      if (known.length === 0) await tx.query('INSERT INTO avatars (file_id, kind, holder_id) VALUES (?, ?, ?)', place);
    });
  }

  async avatarHolders(fileId: FileId, limit: number): Promise<AvatarHolder[]> {
    const rows: Row[] = await this.database.read.query(
      'SELECT kind, holder_id FROM avatars WHERE file_id = ? LIMIT ?',
      [fileId, limit],
    );
    return rows.map((row) => ({ kind: row['kind'] as AvatarHolder['kind'], id: String(row['holder_id']) }));
  }

  /** Answers the file as it was, or undefined when it was in none of `from`. */
  private remove(fileId: FileId, from: readonly FileState[]): Promise<FileRecord | undefined> {
    return this.database.transaction(async (tx) => {
      const [found]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM files WHERE file_id = ?`, [fileId]);
      if (found === undefined) return undefined;
      const file = fileOf(found);
      if (!from.includes(file.state)) return undefined;
      // The state that was read is asked for again: another process may have changed it in between.
      const count = await changed(
        tx,
        "UPDATE files SET state = 'removed', idempotency_key = NULL WHERE file_id = ? AND state = ?",
        [fileId, file.state],
      );
      if (count === 0) return undefined;
      if (file.state !== 'refused') await this.free(tx, file);
      if (file.state === 'ready') await this.outbox.append(tx, [removed(file)]);
      return file;
    });
  }

  /** The condition is in the UPDATE: two tickets at once cannot both take the last space. */
  private async book(tx: EntityManager, file: FileRecord, quotaBytes: number): Promise<boolean> {
    const rows: Row[] = await tx.query('SELECT bytes FROM space_used WHERE owner_id = ?', [file.ownerId]);
    if (rows.length === 0) await tx.query('INSERT INTO space_used (owner_id, bytes) VALUES (?, 0)', [file.ownerId]);
    const count = await changed(tx, 'UPDATE space_used SET bytes = bytes + ? WHERE owner_id = ? AND bytes + ? <= ?', [
      file.size,
      file.ownerId,
      file.size,
      quotaBytes,
    ]);
    return count > 0;
  }

  private async free(tx: EntityManager, file: FileRecord): Promise<void> {
    await tx.query('UPDATE space_used SET bytes = bytes - ? WHERE owner_id = ?', [file.size, file.ownerId]);
  }

  private publish(): void {
    // The sweep of the outbox tries again, and it is the one that tells when it cannot.
    void this.outbox.flush().catch(() => undefined);
  }
}

async function row(tx: EntityManager, fileId: FileId): Promise<FileRecord> {
  const [found]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM files WHERE file_id = ?`, [fileId]);
  return fileOf(found as Row);
}

const ready = ({ fileId, ownerId }: FileRecord): LogRecord => ({
  topic: TOPICS.fileReady.name,
  key: fileId,
  value: fileEventsV1.FileReady.encode({ fileId, ownerId }).finish(),
});
const removed = ({ fileId }: FileRecord): LogRecord => ({
  topic: TOPICS.fileRemoved.name,
  key: fileId,
  value: fileEventsV1.FileRemoved.encode({ fileId }).finish(),
});
