import { eventLogContract } from '@parley/contracts/testing';
import { EventLogMemory, InMemoryEventLog } from './in-memory-event-log.js';

eventLogContract('in memory', async () => {
  const memory = new EventLogMemory();
  return {
    open: async () => new InMemoryEventLog(memory),
    crash: async (log) => (log as InMemoryEventLog).crash(),
    recorded: async () => {},
    dispose: async () => {},
  };
});
