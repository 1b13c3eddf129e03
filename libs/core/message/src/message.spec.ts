import { InMemoryLog } from './testing/in-memory-log.js';
import { conversationLogContract } from './testing/conversation-log.contract.js';
import type { LogUnderTest } from './testing/log-under-test.js';
import { mentionsContract } from './testing/mentions.contract.js';
import { pinsContract } from './testing/pins.contract.js';
import { messageMarksContract } from './testing/message-marks.contract.js';
import { messageChangesContract } from './testing/message-changes.contract.js';
import { syncContract } from './testing/sync.contract.js';

async function open(): Promise<LogUnderTest> {
  let now = 1_700_000_000_000;
  const store = new InMemoryLog(() => now, { editMs: 86_400_000, recallMs: 120_000 });
  return {
    log: store.log,
    reader: store,
    advance: (ms) => void (now += ms),
    now: () => now,
    close: async () => undefined,
  };
}

conversationLogContract('in memory', open);
messageChangesContract('in memory', open);
syncContract('in memory', open);
messageMarksContract('in memory', open);
pinsContract('in memory', open);
mentionsContract('in memory', open);
