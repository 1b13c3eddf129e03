/**
 * SQL as text, for the writer's own connection: statements of a commit go in one packet, which parameters cannot. That connection
 * runs with NO_BACKSLASH_ESCAPES and utf8mb4, so a quote is the only character that ends a text.
 */
export function quoted(text: string): string {
  return text.includes("'") ? `'${text.replaceAll("'", "''")}'` : `'${text}'`;
}

export function valueOf(value: string | number): string {
  return typeof value === 'number' ? String(value) : quoted(value);
}

export function rowOf(values: readonly (string | number)[]): string {
  return `(${values.map(valueOf).join()})`;
}

/** Bytes as 32 hexadecimal digits. */
export function binary(hex: string): string {
  return `X'${hex}'`;
}

/** `a = VALUES(a), …`. The newer form of MySQL with an alias is not MariaDB's. */
export function newValues(columns: readonly string[]): string {
  return columns.map((column) => `${column} = VALUES(${column})`).join();
}

/** Rows of numbers and texts to join with. A list of row constructors costs a server six times as much to look up. */
export function keyTable(
  columns: Readonly<Record<string, 'INT' | 'VARCHAR(64)'>>,
  rows: readonly (readonly (string | number)[])[],
): string {
  const definitions = Object.entries(columns).map(([name, type], i) => `${name} ${type} PATH '$[${i}]'`);
  return `JSON_TABLE(${quoted(JSON.stringify(rows))}, '$[*]' COLUMNS (${definitions.join()})) k`;
}

/** The server's clock in milliseconds: those of the processes may differ. */
export const NOW_MS = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
