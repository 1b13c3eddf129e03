import type { Look } from '../domain/thumbnail.js';

export interface Picture extends Look {
  /** A webp without metadata, turned the way the image is shown, its longest edge at most as asked. Of moving ones the first frame. */
  webp: Uint8Array;
}

/** Decodes images of strangers. Whatever they hold, the process goes on. */
export abstract class PictureMaker {
  /**
   * @param read the image, whole; called when its turn has come, so that what waits holds no memory
   * @param edge pixels of the longest edge; smaller images keep their size
   * @throws file.no_thumbnail nothing can be made of these bytes
   * @throws server.busy too much waits already
   */
  abstract make(read: () => Promise<Uint8Array>, edge: number): Promise<Picture>;
}
