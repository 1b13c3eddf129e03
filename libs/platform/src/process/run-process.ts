import { explain } from './explain.js';
import { giveBackMemory } from './give-back-memory.js';

/** What a started process has to offer. */
export interface Running {
  /** Lets clients go, finishes what was begun, closes the engines. */
  stop(): Promise<void>;
}

const OLDEST_NODE = 24;
/** A drain that takes longer is cut off: what was acked is on disk. */
const DRAIN_LIMIT_MS = 15_000;

/**
 * From start to a clean end on SIGINT or SIGTERM. Whatever a user can mend ends with one sentence, not with a stack.
 * @param start Gets a way to end the process when an engine dies under it.
 */
export async function runProcess(start: (onFatal: (error: Error) => void) => Promise<Running>): Promise<void> {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE)
    fail(`Parley needs Node ${OLDEST_NODE} or newer, this is ${process.version}. Start it with "npm start".`);
  let running: Running;
  try {
    running = await start((error) => fail(`A store failed, stopping so that nothing is lost: ${error.message}`));
  } catch (error) {
    fail(explain(error));
  }
  giveBackMemory();
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    process.stdout.write(`\n${signal}: letting clients go and finishing what was begun …\n`);
    const late = 'The drain took too long and was cut off; what was acked is on disk.';
    setTimeout(() => fail(late), DRAIN_LIMIT_MS).unref();
    running.stop().then(
      () => {
        process.stdout.write('Stopped.\n');
        process.exit(0);
      },
      (error: unknown) => fail(`Stopping failed: ${explain(error)}`),
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
