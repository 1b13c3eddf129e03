export { type OpenSchema, sqlEngines, type SqlUnderTest } from './sql-engines.js';
