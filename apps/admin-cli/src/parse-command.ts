import { parseArgs } from 'node:util';
import type { Command, Input } from './command.js';
import { WrongUsage } from './failure.js';

const COMMON = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

export interface Parsed {
  /** Absent: nothing was asked for, or help. */
  command?: Command;
  help: boolean;
  json: boolean;
  input: Input;
}

/** Options may stand anywhere, also before the command's words. Throws WrongUsage. */
export function parseCommand(args: string[], commands: readonly Command[]): Parsed {
  // Which options take a value decides what is an operand, so that the command is looked for with those of all of them.
  const every = Object.assign({}, ...commands.map((command) => command.options), COMMON);
  const loose = parseArgs({ args, options: every, allowPositionals: true, strict: false });
  const help = loose.values['help'] === true;
  const command = commands.find(({ name }) => begins(loose.positionals, name.split(' ')));
  if (command === undefined) {
    if (help || args.length === 0) return { help: true, json: false, input: { operands: [], options: {} } };
    throw new WrongUsage(unknown(loose.positionals, commands));
  }
  if (help) return { command, help, json: false, input: { operands: [], options: {} } };
  const { values, positionals } = strictly(args, command);
  const operands = positionals.slice(command.name.split(' ').length);
  const [least, most] = command.operands;
  if (operands.length < least || operands.length > most)
    throw new WrongUsage(`\`${command.name}\` takes ${counted(least, most)}, not ${operands.length}.`, command.name);
  return { command, help, json: values['json'] === true, input: { operands, options: values } };
}

function strictly(args: string[], command: Command): { values: Input['options']; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { ...command.options, ...COMMON },
      allowPositionals: true,
    });
    return { values: values as Input['options'], positionals };
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string };
    if (!code.startsWith('ERR_PARSE_ARGS')) throw error;
    // Node goes on with advice for the shell; its first sentence names the option.
    throw new WrongUsage(`${message.split(/\.\s/)[0]!.replace(/\.$/, '')}.`, command.name);
  }
}

const begins = (words: string[], name: string[]) => name.every((word, at) => words[at] === word);

function unknown(words: string[], commands: readonly Command[]): string {
  const [area] = words;
  if (area === undefined) return 'No command was given.';
  const verbs = commands.flatMap(({ name }) => (name.startsWith(`${area} `) ? [name.slice(area.length + 1)] : []));
  if (verbs.length === 0) return `There is no command \`${area}\`.`;
  return words[1] === undefined
    ? `\`${area}\` needs one of: ${verbs.join(', ')}.`
    : `There is no command \`${words.slice(0, 2).join(' ')}\`; \`${area}\` has: ${verbs.join(', ')}.`;
}

function counted(least: number, most: number): string {
  if (most === 0) return 'no operands';
  const range = least === most ? String(most) : `${least} to ${most}`;
  return `${range} operand${most === 1 ? '' : 's'}`;
}
