export interface ImageSize {
  width: number;
  height: number;
}

/**
 * Width and height from an image's header, without decoding it: a small file can claim a picture that fills all memory.
 * Undefined when the header says nothing usable. `head` is the beginning of the file, 1 MiB or all of it.
 */
export function imageSize(contentType: string, head: Uint8Array): ImageSize | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    const size = READERS[contentType]?.(view);
    return size !== undefined && size.width > 0 && size.height > 0 ? size : undefined;
  } catch {
    // A header that points behind its own end.
    return undefined;
  }
}

const png = (view: DataView): ImageSize => ({ width: view.getUint32(16), height: view.getUint32(20) });
const READERS: Record<string, (view: DataView) => ImageSize | undefined> = {
  'image/png': png,
  'image/apng': png,
  'image/gif': (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  'image/bmp': (view) => ({ width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }),
  'image/jpeg': jpeg,
  'image/webp': webp,
  'image/avif': largestExtent,
  'image/heic': largestExtent,
  'image/heif': largestExtent,
};

/** Frame headers are SOF0…SOF15 without DHT (C4), JPG (C8) and DAC (CC); ITU T.81 annex B. */
function jpeg(view: DataView): ImageSize | undefined {
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    const length = view.getUint16(at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
}

/** The three forms of the container: lossy, lossless, extended (RFC 9649). */
function webp(view: DataView): ImageSize | undefined {
  switch (view.getUint32(12)) {
    case 0x56503820:
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 0x5650384c: {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 0x56503858:
      return { width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
    default:
      return undefined;
  }
}

/** `ispe` boxes of ISO/IEC 23008-12 name the extents of the picture and of its tiles and previews; the largest one is the picture. */
function largestExtent(view: DataView): ImageSize | undefined {
  let best: ImageSize | undefined;
  for (let at = 4; at + 16 <= view.byteLength; at += 1) {
    if (view.getUint32(at) !== 0x69737065) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (best === undefined || size.width * size.height > best.width * best.height) best = size;
  }
  return best;
}

const uint24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
