/** Few enough that all URLs of an upload fit into one answer. S3 takes up to 10,000. */
const MAX_PARTS = 500;
const MIB = 1024 ** 2;

export interface Part {
  /** From 1. */
  number: number;
  /** Bytes. */
  size: number;
}

/** How large the parts of a file are. 0: it goes up in one piece. @param least files up to this size are not parted */
export function partSizeOf(size: number, least: number): number {
  if (size <= least) return 0;
  return size <= least * MAX_PARTS ? least : Math.ceil(size / MAX_PARTS / MIB) * MIB;
}

/** All parts of a file in order; all but the last are equal. */
export function partsOf(size: number, partSize: number): Part[] {
  const count = Math.ceil(size / partSize);
  return Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    size: at + 1 < count ? partSize : size - at * partSize,
  }));
}
