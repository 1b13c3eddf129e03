import { noThumbnail, type Picture, PictureMaker } from '@parley/core-file';
import { DomainError } from '@parley/kernel';
import { ImageChild } from './image-child.js';

export interface ImageProcessesOptions {
  /** Processes that decode at the same time. */
  atOnce: number;
  /** Width times height; more is refused before it is decoded. */
  maxPixels: number;
  /** One line for the log: what could not be decoded and why. */
  onTrouble?: (line: string) => void;
}

interface Turn {
  child: ImageChild;
}

/** What waits holds no image, but somebody waits for each. */
const MAX_WAITING = 64;
const RETRY_MS = 1000;

/** Decodes in processes of its own, a few at once, and says `server.busy` rather than letting a queue grow. */
export class ImageProcesses extends PictureMaker {
  private readonly free: ImageChild[];
  private readonly all: readonly ImageChild[];
  private readonly waiting: ((turn: Turn) => void)[] = [];

  constructor(private readonly options: ImageProcessesOptions) {
    super();
    this.all = Array.from({ length: options.atOnce }, () => new ImageChild());
    this.free = [...this.all];
  }

  async make(read: () => Promise<Uint8Array>, edge: number): Promise<Picture> {
    const { child } = await this.turn();
    try {
      const outcome = await child.run({ image: await read(), edge, maxPixels: this.options.maxPixels });
      if ('webp' in outcome) return outcome;
      this.options.onTrouble?.('broken' in outcome ? outcome.broken : outcome.ended);
      throw 'broken' in outcome ? noThumbnail() : busy();
    } finally {
      this.pass(child);
    }
  }

  stop(): void {
    for (const child of this.all) child.stop();
  }

  private turn(): Promise<Turn> {
    // The one that was used last: the others may come to their end.
    const child = this.free.pop();
    if (child !== undefined) return Promise.resolve({ child });
    if (this.waiting.length >= MAX_WAITING) return Promise.reject(busy());
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private pass(child: ImageChild): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(child);
    else next({ child });
  }
}

const busy = () => new DomainError('server.busy', 'unavailable', { retryAfterMs: RETRY_MS });
