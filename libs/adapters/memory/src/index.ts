export { EventLogMemory, InMemoryEventLog } from './in-memory-event-log.js';
