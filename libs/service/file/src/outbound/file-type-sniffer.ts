import { TypeSniffer } from '@parley/core-file';
import { fileTypeFromBuffer } from 'file-type';

/** Office documents may list their parts after more than the head holds; a zip archive they are in any case. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

export class FileTypeSniffer extends TypeSniffer {
  async sniff(head: Uint8Array): Promise<string | undefined> {
    const isZip = ZIP.every((byte, at) => head[at] === byte);
    try {
      return (await fileTypeFromBuffer(head))?.mime ?? (isZip ? 'application/zip' : undefined);
    } catch {
      // A header that promises more than there is.
      return isZip ? 'application/zip' : undefined;
    }
  }
}
