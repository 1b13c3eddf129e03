import type { LogRecord } from '@parley/contracts';

/** Per record: key length (u16), value length (u32), key in UTF-8, value. Little endian. */
const HEADER = 6;

/** One allocation of its own, so that the bytes can be moved to the log's thread instead of copied. */
export function pack(records: readonly LogRecord[]): Uint8Array<ArrayBuffer> {
  let size = 0;
  for (const record of records) size += HEADER + Buffer.byteLength(record.key) + record.value.length;
  const target = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const { key, value } of records) {
    const keyLength = target.write(key, at + HEADER);
    target.writeUInt16LE(keyLength, at);
    target.writeUInt32LE(value.length, at + 2);
    at += HEADER + keyLength;
    target.set(value, at);
    at += value.length;
  }
  return target;
}

/** Values are views into `body`: nothing is copied. */
export function unpack(body: Uint8Array): { key: string; value: Uint8Array }[] {
  const source = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const records: { key: string; value: Uint8Array }[] = [];
  let at = 0;
  while (at < source.length) {
    const keyEnd = at + HEADER + source.readUInt16LE(at);
    const valueEnd = keyEnd + source.readUInt32LE(at + 2);
    records.push({ key: source.toString('utf8', at + HEADER, keyEnd), value: source.subarray(keyEnd, valueEnd) });
    at = valueEnd;
  }
  return records;
}
