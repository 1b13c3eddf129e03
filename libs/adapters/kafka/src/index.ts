export { KafkaLog, type KafkaLogOptions } from './kafka-log.js';
export type { KafkaLogger } from './kafka-logger.js';
