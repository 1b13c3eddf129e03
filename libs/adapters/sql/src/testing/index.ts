export { alternating } from './alternating.js';
export { hasMariadbServer, MariadbProcess } from './mariadb-process.js';
export { forEachEngine, type OpenSchemas } from './for-each-engine.js';
export { type OpenSchema, sqlEngines, type SqlUnderTest } from './sql-engines.js';
