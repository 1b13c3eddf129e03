import type { Command } from './command.js';
import { alignedLines } from './terminal/table.js';

const CALL = 'npm run admin --';

const SETTINGS: readonly (readonly [string, string])[] = [
  ['PARLEY_URL', 'the server; http://localhost:8080 when not set'],
  ['PARLEY_ADMIN_USERNAME', "the administrator's name; admin when not set"],
  ['PARLEY_ADMIN_PASSWORD', 'their password now; asked for when not set'],
  ['PARLEY_NEW_PASSWORD', 'for `user create` and `password change`, where nobody can be asked'],
  ['PARLEY_KAFKA_BROKERS', 'for `dlq`: where Kafka is, as the services have it; PARLEY_KAFKA_TOPIC_PREFIX as well'],
  ['PARLEY_DATA_DIR', 'for `dlq` without Kafka: the folder of a server that is stopped; ./.data when not set'],
];

const lineOf = ({ name, usage, summary }: Command) => [`${name} ${usage}`.trim(), summary];

export const usageOf = (command: Command) => `usage: ${CALL} ${command.name} ${command.usage}`.trimEnd();

export function usage(commands: readonly Command[]): string {
  return [
    `usage: ${CALL} <command> [--json]`,
    '',
    'commands',
    ...alignedLines(commands.map(lineOf), '  '),
    '',
    'The SUBJECT of a rule is a role, a user id, or @NAME for the user of that name.',
    '',
    '`dlq` reads and writes the event log itself, not through the server.',
    '',
    'settings (environment)',
    ...alignedLines(SETTINGS, '  '),
  ].join('\n');
}
