/** A message of the stream is closed when it holds this much: a larger one would keep short answers waiting behind it. */
const MESSAGE_BYTES = 256 * 1024;
const MESSAGE_FRAMES = 512;

interface Sized {
  payload: Uint8Array;
}

/** Frames on their way into a stream. What is added within one turn of the event loop shares a message. ORDER: first in, first out. */
export class FrameQueue<F extends Sized> {
  private frames: F[] = [];
  private size = 0;
  private scheduled = false;
  private blocked = true;

  constructor(
    /** Writes one message; answers false when the stream wants no more until it is `released`. */
    private readonly write: (frames: F[]) => boolean,
  ) {}

  get bytes(): number {
    return this.size;
  }

  get isEmpty(): boolean {
    return this.frames.length === 0;
  }

  add(frame: F): void {
    this.frames.push(frame);
    this.size += frame.payload.length;
    this.schedule();
  }

  /** The stream takes messages (again). */
  release(): void {
    this.blocked = false;
    if (this.frames.length > 0) this.schedule();
  }

  /** The stream takes none until it is released. */
  block(): void {
    this.blocked = true;
  }

  clear(): void {
    this.frames = [];
    this.size = 0;
  }

  private schedule(): void {
    if (this.scheduled || this.blocked) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    while (!this.blocked && this.frames.length > 0) {
      const message = this.next();
      if (!this.write(message)) this.blocked = true;
    }
  }

  private next(): F[] {
    let count = 0;
    let bytes = 0;
    while (count < this.frames.length && count < MESSAGE_FRAMES) {
      const { length } = (this.frames[count] as F).payload;
      if (count > 0 && bytes + length > MESSAGE_BYTES) break;
      bytes += length;
      count += 1;
    }
    this.size -= bytes;
    if (count === this.frames.length) {
      const all = this.frames;
      this.frames = [];
      return all;
    }
    return this.frames.splice(0, count);
  }
}
