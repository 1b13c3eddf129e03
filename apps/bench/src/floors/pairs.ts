import { GeneratorProcess } from '../load/generator-process.js';
import { costOf } from '../machine/process-cost.js';
import { type Floor, startFloorServer } from './floor.js';

const SECONDS = 4;

/** The same packets as a one-to-one run, at the same rate, from the same generator, through bare Socket.IO. */
export async function pairsFloor(users: number, rate: number): Promise<Floor> {
  const server = await startFloorServer('pairs-server');
  const generator = new GeneratorProcess();
  await generator.connect(
    [server.url],
    Array.from({ length: users }, (_, index) => ({
      userId: String(index),
      token: String(index),
      conversationId: `c${index >> 1}`,
    })),
  );
  const before = costOf(server.pid).cpuMs;
  const run = await generator.run({ rate, seconds: SECONDS, warmupSeconds: 1, textBytes: 200, nonce: 'floor' });
  const cpuMs = costOf(server.pid).cpuMs - before;
  generator.end();
  server.end();
  return {
    name: `bare Socket.IO, same packets, ${rate}/s`,
    perSecond: run.actualPerSecond,
    cpuMicros: (cpuMs * 1000) / run.acked,
  };
}
