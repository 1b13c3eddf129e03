/** Hashes of the terms of some messages, by seq, oldest first. */
export type Entries = Map<number, Uint16Array>;

/** What is written as one row: four of them fill a page. */
const BLOCK_BYTES = 3750;
/** The tail is written with every new message, so it stays short. */
const TAIL_BYTES = 1500;
/** Seqs that one block covers at most: who looks for a range knows how far before it a block may begin. */
export const BLOCK_SPAN = 2048;

const HEAD = 3;
const BYTES = 2;
/** An entry's seq. */
export const HEAD_BYTES = 4;

/**
 * 16 bits of a term. Of 50,000 messages of 35 terms some 27 have a given one by chance, and none two; who has the term itself is
 * looked at in the message anyway. In exchange a message takes 70 bytes, and no text.
 */
export function termHash(term: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i += 1) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 16)) & 0xffff;
}

export function termHashes(terms: readonly string[]): Uint16Array {
  const hashes = new Uint16Array(terms.length);
  for (const [i, term] of terms.entries()) hashes[i] = termHash(term);
  return hashes;
}

/** As it stands in a block, for a look at its bytes: the low byte first. */
export function hashBytes(hash: number): Buffer {
  return Buffer.from([hash & 0xff, hash >>> 8]);
}

export function pack(entries: Entries): Buffer {
  const words = new Uint16Array(bytesOf(entries) / BYTES);
  let at = 0;
  for (const [seq, hashes] of entries) {
    words.set([seq & 0xffff, seq >>> 16, hashes.length], at);
    words.set(hashes, at + HEAD);
    at += HEAD + hashes.length;
  }
  return Buffer.from(words.buffer);
}

export function unpack(bytes: Uint8Array): Entries {
  const words = wordsOf(bytes);
  const entries: Entries = new Map();
  for (let at = 0; at < words.length; at = next(words, at))
    entries.set(seqAt(words, at), words.subarray(at + HEAD, next(words, at)));
  return entries;
}

/** Seqs of the messages that have all of the hashes, oldest first. */
export function having(bytes: Uint8Array, hashes: readonly number[]): number[] {
  const words = wordsOf(bytes);
  const seqs: number[] = [];
  for (let at = 0; at < words.length; at = next(words, at)) if (hasAll(words, at, hashes)) seqs.push(seqAt(words, at));
  return seqs;
}

/** Cuts what is enough for blocks off the old end. The rest is the tail. */
export function cut(entries: Entries): { blocks: Entries[]; tail: Entries } {
  const blocks: Entries[] = [];
  let tail: Entries = new Map();
  let [bytes, firstSeq] = [0, 0];
  for (const [seq, hashes] of entries) {
    const more = (HEAD + hashes.length) * BYTES;
    if (tail.size > 0 && (bytes + more > BLOCK_BYTES || seq - firstSeq >= BLOCK_SPAN)) {
      blocks.push(tail);
      tail = new Map();
      bytes = 0;
    }
    if (tail.size === 0) firstSeq = seq;
    tail.set(seq, hashes);
    bytes += more;
  }
  return bytes > 0 && !isTail(bytes, firstSeq, firstSeq)
    ? { blocks: [...blocks, tail], tail: new Map() }
    : { blocks, tail };
}

/** Whether so many bytes of these seqs are no block yet. */
export const isTail = (bytes: number, firstSeq: number, lastSeq: number): boolean =>
  bytes <= TAIL_BYTES && lastSeq - firstSeq < BLOCK_SPAN;

/** With one message as it is now: without it where it has no terms any more. */
export function changed(entries: Entries, seq: number, hashes: Uint16Array): Entries {
  const all = new Map(entries);
  if (hashes.length === 0) all.delete(seq);
  else all.set(seq, hashes);
  return new Map([...all].sort(([a], [b]) => a - b));
}

/** Of the first bytes of what was packed. */
export const seqOfHead = (head: Buffer): number => head.readUInt32LE();
export const firstSeqOf = (entries: Entries): number | undefined => entries.keys().next().value;

const next = (words: Uint16Array, at: number): number => at + HEAD + (words[at + 2] as number);
const seqAt = (words: Uint16Array, at: number): number => (words[at] as number) + (words[at + 1] as number) * 0x10000;

function hasAll(words: Uint16Array, at: number, hashes: readonly number[]): boolean {
  const end = next(words, at);
  for (const hash of hashes) {
    let i = at + HEAD;
    while (i < end && words[i] !== hash) i += 1;
    if (i === end) return false;
  }
  return true;
}

export function bytesOf(entries: Entries): number {
  let words = 0;
  for (const hashes of entries.values()) words += HEAD + hashes.length;
  return words * BYTES;
}

/** A copy: drivers cut rows out of their buffers anywhere. */
function wordsOf(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
}
