const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * The hash by which Kafka's own clients choose a partition for a key (murmur2 of its UTF-8 bytes), so that tools of others put a key where
 * we look for it. kafkajs has the same in big integers, at several microseconds a key.
 */
export function murmur2(bytes: Uint8Array): number {
  let hash = SEED ^ bytes.length;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let part =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    part = Math.imul(part, M);
    part = Math.imul(part ^ (part >>> 24), M);
    hash = Math.imul(hash, M) ^ part;
  }
  for (let at = bytes.length - 1; at >= whole; at -= 1) hash ^= (bytes[at] as number) << (8 * (at - whole));
  if (bytes.length > whole) hash = Math.imul(hash, M);
  hash = Math.imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}

export function partitionOf(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
