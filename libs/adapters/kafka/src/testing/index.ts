export { kafkaHarness, QUICK } from './kafka-harness.js';
