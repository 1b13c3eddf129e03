export { InProcessBus, type InProcessHandler } from './in-process-bus.js';
