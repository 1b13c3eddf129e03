import { placeOf, withConnection } from './tcp.mjs';

// Requests of Kafka's protocol in versions that 2.x to 4.x understand: https://kafka.apache.org/protocol
const METADATA = { key: 3, version: 1 };
const FIND_COORDINATOR = { key: 10, version: 0 };

const int16 = (value) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value) => Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);

async function request({ read, write }, { key, version }, body) {
  const message = Buffer.concat([int16(key), int16(version), int32(1), text('parley-stack'), body]);
  write(Buffer.concat([int32(message.length), message]));
  const answer = await read((await read(4)).readInt32BE());
  return answer.subarray(4);
}

/** Walks over the list of brokers to what follows it. */
function metadataOf(answer) {
  const brokers = answer.readInt32BE(0);
  let at = 4;
  for (let i = 0; i < brokers; i++) {
    at += 4;
    at += 2 + answer.readInt16BE(at) + 4;
    at += 2 + Math.max(0, answer.readInt16BE(at));
  }
  return { brokers, controller: answer.readInt32BE(at) };
}

/**
 * There is a broker with a controller, and a coordinator for consumer groups. The broker makes the coordinator's topic when it is
 * first asked for one: whoever waits for us spares the first consumer its "coordinator is loading".
 */
export async function askKafka({ brokers }) {
  await withConnection(placeOf(brokers[0]), async (connection) => {
    const { brokers: count, controller } = metadataOf(await request(connection, METADATA, int32(0)));
    if (count < 1 || controller < 0) throw new Error('Kafka has no controller yet');
    const error = (await request(connection, FIND_COORDINATOR, text('parley-stack'))).readInt16BE(0);
    if (error !== 0) throw new Error(`Kafka has no coordinator for groups yet (error ${error})`);
  });
}
