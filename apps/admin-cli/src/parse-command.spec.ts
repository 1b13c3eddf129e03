import { describe, expect, it } from 'vitest';
import { commands } from './commands/index.js';
import { WrongUsage } from './failure.js';
import { parseCommand } from './parse-command.js';

const parse = (line: string) => parseCommand(line === '' ? [] : line.split(' '), commands);

function refusal(line: string): WrongUsage {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof WrongUsage) return error;
    throw error;
  }
  throw new Error(`\`${line}\` was to be refused`);
}

describe('a command line', () => {
  it('finds the command by all words of its name; the rest are operands', () => {
    const { command, input } = parse('user sessions end ada');
    expect([command?.name, input.operands]).toEqual(['user sessions end', ['ada']]);
  });

  it('takes options anywhere', () => {
    for (const line of ['--json user ban --reason spam ada', 'user ban ada --reason=spam --json']) {
      const { command, json, input } = parse(line);
      expect([command?.name, json, input.operands, input.options['reason']]).toEqual([
        'user ban',
        true,
        ['ada'],
        'spam',
      ]);
    }
  });

  it('is help when it is empty or asks for it, with operands or without', () => {
    expect(parse('')).toMatchObject({ help: true });
    expect(parse('--help')).toMatchObject({ help: true });
    expect(parse('user ban --help')).toMatchObject({ help: true, command: { name: 'user ban' } });
  });

  it.each([
    ['frob', 'There is no command `frob`.'],
    ['--json', 'No command was given.'],
    ['role', '`role` needs one of: list, assign, unassign.'],
    ['role give', 'There is no command `role give`; `role` has: list, assign, unassign.'],
    ['role assign ada', '`role assign` takes 2 operands, not 1.'],
    ['role list ada', '`role list` takes no operands, not 1.'],
    ['audit --reason x', "Unknown option '--reason'."],
    ['user ban ada --until', "Option '--until <value>' argument missing."],
    ['audit --json=yes', "Option '--json' does not take an argument."],
  ])('`%s` is refused in one sentence', (line, sentence) => {
    expect(refusal(line).message).toBe(sentence);
  });

  it('that names a command is refused with the usage of that one', () => {
    expect(refusal('audit x').command).toBe('audit');
    expect(refusal('frob').command).toBeUndefined();
  });

  it('every command has a name and operands of its own', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
    for (const { operands } of commands) expect(operands[0]).toBeLessThanOrEqual(operands[1]);
  });
});
