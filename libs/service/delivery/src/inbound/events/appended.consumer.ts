import { type EventLog, TOPICS } from '@parley/contracts';
import { messageEventsV1 } from '@parley/contracts/rpc';
import type { FanOutAppended } from '@parley/core-delivery';
import { consume } from '@parley/platform';
import { BinaryReader } from '@bufbuild/protobuf/wire';

/** Every change of every conversation. DEDUPE: a repeat is pushed again at worst; clients drop it by seq. */
export function consumeAppended(log: EventLog, fanOut: FanOutAppended): Promise<void> {
  return consume(log, {
    group: 'delivery.fan-out',
    topic: TOPICS.messageAppended.name,
    decode: decodeAppended,
    handle: (records) => fanOut.execute(records),
    lost: (isLost) => fanOut.lost(isLost),
  });
}

/** The generated decoder with Node's own UTF-8: the reader's default, a TextDecoder, costs more than all the rest together. */
export function decodeAppended(value: Uint8Array): messageEventsV1.Appended {
  return messageEventsV1.Appended.decode(new BinaryReader(value, utf8));
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
