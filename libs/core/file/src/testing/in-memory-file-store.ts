import type { FileId, UserId } from '@parley/kernel';
import type { AvatarHolder } from '../domain/avatar.js';
import type { Attachment, FileRecord, Refusal, Verified } from '../domain/file.js';
import type { Look } from '../domain/thumbnail.js';
import { type AddOutcome, FileStore } from '../ports/file-store.js';

const BOOKED: ReadonlySet<FileRecord['state']> = new Set(['pending', 'ready']);

export class InMemoryFileStore extends FileStore {
  private readonly rows = new Map<FileId, FileRecord>();
  private readonly keys = new Map<string, FileId>();
  private readonly places = new Map<FileId, Map<string, Attachment>>();
  private readonly holders = new Map<FileId, Map<string, AvatarHolder>>();
  /** What left through the outbox: `ready <fileId>`, `removed <fileId>`. */
  readonly facts: string[] = [];

  async add(file: FileRecord, idempotencyKey: string, quotaBytes: number): Promise<AddOutcome> {
    const key = `${file.ownerId}\n${idempotencyKey}`;
    const first = this.keys.get(key);
    if (idempotencyKey !== '' && first !== undefined) {
      const known = await this.find(first);
      if (known !== undefined) return { is: 'repeated', file: known };
    }
    if (this.booked(file.ownerId) + file.size > quotaBytes) return { is: 'over_quota' };
    this.rows.set(file.fileId, { ...file });
    if (idempotencyKey !== '') this.keys.set(key, file.fileId);
    return { is: 'added' };
  }

  async find(fileId: FileId): Promise<FileRecord | undefined> {
    const row = this.rows.get(fileId);
    return row === undefined || row.state === 'removed' ? undefined : { ...row };
  }

  async setUpload(fileId: FileId, from: string, to: string): Promise<boolean> {
    if (this.rows.get(fileId)?.uploadId !== from) return false;
    return this.change(fileId, ['pending'], { uploadId: to });
  }

  async markReady(fileId: FileId, verified: Verified): Promise<boolean> {
    return this.change(fileId, ['pending'], { state: 'ready', ...verified }, 'ready');
  }

  async markRefused(fileId: FileId, reason: Refusal): Promise<boolean> {
    return this.change(fileId, ['pending'], { state: 'refused', refusal: reason });
  }

  async markRemoved(fileId: FileId): Promise<FileRecord | undefined> {
    const row = await this.find(fileId);
    const fact = row?.state === 'ready' ? 'removed' : undefined;
    return this.change(fileId, ['pending', 'ready', 'refused'], { state: 'removed' }, fact) ? row : undefined;
  }

  async markAbandoned(fileId: FileId): Promise<boolean> {
    return this.change(fileId, ['pending', 'refused'], { state: 'removed' });
  }

  async purge(fileId: FileId): Promise<void> {
    if (this.rows.get(fileId)?.state !== 'removed') return;
    this.rows.delete(fileId);
    this.places.delete(fileId);
    this.holders.delete(fileId);
  }

  async abandoned(createdBefore: number, limit: number): Promise<FileRecord[]> {
    return [...this.rows.values()]
      .filter((row) => (row.state === 'pending' || row.state === 'refused') && row.createdAt < createdBefore)
      .sort((a, b) => a.createdAt - b.createdAt)
      .slice(0, limit);
  }

  async removed(limit: number): Promise<FileRecord[]> {
    return [...this.rows.values()].filter((row) => row.state === 'removed').slice(0, limit);
  }

  async usage(ownerId: UserId): Promise<number> {
    return this.booked(ownerId);
  }

  async attach(fileId: FileId, attachment: Attachment): Promise<void> {
    const places = this.places.get(fileId) ?? new Map<string, Attachment>();
    this.places.set(fileId, places);
    const known = places.get(attachment.conversationId);
    if (known === undefined || known.headSeq < attachment.headSeq) places.set(attachment.conversationId, attachment);
  }

  async attachments(fileId: FileId, limit: number): Promise<Attachment[]> {
    return [...(this.places.get(fileId)?.values() ?? [])].sort((a, b) => b.headSeq - a.headSeq).slice(0, limit);
  }

  async allowAvatar(fileId: FileId, holder: AvatarHolder): Promise<void> {
    const holders = this.holders.get(fileId) ?? new Map<string, AvatarHolder>();
    this.holders.set(fileId, holders.set(`${holder.kind} ${holder.id}`, holder));
  }

  async avatarHolders(fileId: FileId, limit: number): Promise<AvatarHolder[]> {
    return [...(this.holders.get(fileId)?.values() ?? [])].slice(0, limit);
  }

  /** Also of removed files, until they are purged. */
  has(fileId: FileId): boolean {
    return this.rows.has(fileId);
  }

  /** Of ready files only. */
  describe(fileId: FileId, look: Look): boolean {
    const { width, height, blurhash } = look;
    return this.change(fileId, ['ready'], { width, height, blurhash });
  }

  private booked(ownerId: UserId): number {
    return [...this.rows.values()]
      .filter((row) => row.ownerId === ownerId && BOOKED.has(row.state))
      .reduce((sum, row) => sum + row.size, 0);
  }

  private change(fileId: FileId, from: FileRecord['state'][], to: Partial<FileRecord>, fact?: string): boolean {
    const row = this.rows.get(fileId);
    if (row === undefined || !from.includes(row.state)) return false;
    this.rows.set(fileId, { ...row, ...to });
    if (fact !== undefined) this.facts.push(`${fact} ${fileId}`);
    return true;
  }
}
