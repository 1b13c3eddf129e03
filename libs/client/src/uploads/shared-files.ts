import type { FileInfo } from '../api.js';
import type { Rest, Uploader } from '../ports.js';
import type { Files, Upload } from '../types.js';
import { type TaskParts, UploadTask } from './upload-task.js';

/** Files at once; a large one goes in several parts besides. */
const AT_ONCE = 3;
const LINKS_KEPT = 1000;
/** A link is used for some time after it was asked for. */
const ENDS_EARLY_MS = 45_000;

export interface FilesParts extends TaskParts {
  rest: Rest;
  /** Times in answers are the server's. */
  serverNow(): number;
}

interface Link {
  url: Promise<string>;
  expiresAt: number;
}

/** Uploads, a few at a time, and links to what was uploaded. */
export class SharedFiles implements Files, Uploader {
  readonly #queue: UploadTask[] = [];
  readonly #running = new Set<UploadTask>();
  /** Least recently used first. */
  readonly #links = new Map<string, Link>();

  constructor(private readonly parts: FilesParts) {}

  upload(file: Blob, options: { name?: string; conversationId?: string; idempotencyKey?: string } = {}): Upload {
    return this.start(file, {
      ...options,
      name: options.name ?? (file as Partial<File>).name ?? 'file',
      idempotencyKey: options.idempotencyKey ?? this.parts.platform.clockwork.uuid(),
    });
  }

  start(file: Blob, options: { name: string; conversationId?: string; idempotencyKey: string }): Upload {
    const upload = new UploadTask(this.parts, { file, ...options }, (task) => {
      this.#queue.push(task);
      // Not from inside the constructor.
      queueMicrotask(() => this.#next());
    });
    return Object.preventExtensions(upload);
  }

  async info(fileId: string): Promise<FileInfo> {
    return this.parts.rest.call('GET /files/{fileId}', { params: { fileId } });
  }

  url(fileId: string, { thumbnail }: { thumbnail?: 64 | 160 | 320 | 640 | 1280 } = {}): Promise<string> {
    const key = `${fileId} ${thumbnail ?? ''}`;
    const known = this.#links.get(key);
    if (known !== undefined && known.expiresAt > this.parts.serverNow() + ENDS_EARLY_MS) {
      this.#links.delete(key);
      this.#links.set(key, known);
      return known.url;
    }
    const link: Link = { url: Promise.resolve(''), expiresAt: Number.POSITIVE_INFINITY };
    link.url = this.#ask(fileId, thumbnail).then(
      ({ url, expiresAt }) => {
        link.expiresAt = Date.parse(expiresAt);
        return new URL(url, this.parts.base).href;
      },
      (error: unknown) => {
        if (this.#links.get(key) === link) this.#links.delete(key);
        throw error;
      },
    );
    this.#links.delete(key);
    this.#links.set(key, link);
    for (const oldest of this.#links.keys()) {
      if (this.#links.size <= LINKS_KEPT) break;
      this.#links.delete(oldest);
    }
    return link.url;
  }

  /** Another account, or the end. */
  forget(): void {
    this.#links.clear();
    for (const task of [...this.#queue, ...this.#running]) task.cancel();
    this.#queue.length = 0;
  }

  #ask(fileId: string, size: number | undefined): Promise<{ url: string; expiresAt: string }> {
    const { rest } = this.parts;
    if (size === undefined)
      return rest.call('GET /files/{fileId}/download', { params: { fileId }, query: { as: 'json' } });
    return rest.call('GET /files/{fileId}/thumbnail', { params: { fileId }, query: { size, as: 'json' } });
  }

  #next(): void {
    while (this.#running.size < AT_ONCE) {
      // One that was paused and resumed may still be stopping.
      const at = this.#queue.findIndex((task) => !this.#running.has(task));
      const [task] = at < 0 ? [] : this.#queue.splice(at, 1);
      if (task === undefined) return;
      this.#running.add(task);
      void task.run().finally(() => {
        this.#running.delete(task);
        this.#next();
      });
    }
  }
}
