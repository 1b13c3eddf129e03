import { TOPICS } from '@parley/contracts';
import { type Command, type Context, type Input, textOption } from '../command.js';
import { type Addressee, type DeadLetter, DeadLetters } from '../dead-letters/dead-letters.js';
import { openLog } from '../dead-letters/open-log.js';
import { Failure, WrongUsage } from '../failure.js';
import { limitOf, limitOption } from '../rest/pages.js';
import { alignedLines, printable, table } from '../terminal/table.js';

const WHERE = { topic: { type: 'string' }, group: { type: 'string' } } as const;

const list: Command = {
  name: 'dlq list',
  usage: '[--topic TOPIC] [--group GROUP] [--redriven] [--limit N]',
  summary:
    'records that consumers could not handle, newest first; with --redriven also those that were published again',
  operands: [0, 0],
  options: { ...WHERE, ...limitOption, redriven: { type: 'boolean' } },
  async run(context, input) {
    const limit = limitOf(input, 'dlq list');
    const all = await withLetters(context, input, 'dlq list', async (letters) => letters);
    const found = all
      .filter((letter) => input.options['redriven'] === true || letter.redrivenAt === undefined)
      .sort((one, other) => other.failedAt - one.failedAt);
    const shown = found.slice(0, limit);
    const rows = shown.map((letter) => [
      letter.offset,
      iso(letter.failedAt),
      letter.topic,
      letter.group,
      letter.key,
      letter.reason,
      letter.redrivenAt === undefined ? '' : iso(letter.redrivenAt),
    ]);
    return {
      data: shown.map(publicForm),
      text: table(['offset', 'failed', 'topic', 'group', 'key', 'reason', 'redriven'], rows, 'No dead letters.'),
      ...(found.length > shown.length && {
        note: `There are ${found.length - shown.length} more: --limit shows them.`,
      }),
    };
  },
};

const show: Command = {
  name: 'dlq show',
  usage: 'OFFSET --topic TOPIC --group GROUP',
  summary: 'one of them with all that is known; its value only with --json, in base64',
  operands: [1, 1],
  options: WHERE,
  async run(context, input) {
    const [offset] = input.operands;
    needOne(input, 'dlq show');
    const letter = await withLetters(context, input, 'dlq show', async (letters) =>
      letters.find((one) => one.offset === offset),
    );
    if (letter === undefined)
      throw new Failure(`There is no dead letter ${offset}. \`dlq list --redriven\` shows all.`);
    const { value, ...rest } = publicForm(letter);
    const lines = Object.entries({ ...rest, bytes: letter.value.length }).map(([name, text]) => [
      name,
      printable(String(text)),
    ]);
    return { data: { ...rest, value }, text: alignedLines(lines).join('\n') };
  },
};

const redrive: Command = {
  name: 'dlq redrive',
  usage: '(--all | --key KEY | --offset OFFSET) [--topic TOPIC] [--group GROUP]',
  summary:
    'publishes them to their topics again, in order; --all those that were not yet, --key and --offset in any case',
  operands: [0, 0],
  options: { ...WHERE, all: { type: 'boolean' }, key: { type: 'string' }, offset: { type: 'string' } },
  async run(context, input) {
    const isMeant = selection(input);
    const done = await withLetters(context, input, 'dlq redrive', async (letters, dead) => {
      const meant = letters.filter(isMeant);
      await dead.redrive(meant, Date.now());
      return meant;
    });
    return {
      data: done.map(publicForm),
      text:
        done.length === 0
          ? 'No dead letter is meant.'
          : `Published ${done.length} ${done.length === 1 ? 'record' : 'records'} again.`,
    };
  },
};

function selection(input: Input): (letter: DeadLetter) => boolean {
  const [key, offset] = [textOption(input, 'key'), textOption(input, 'offset')];
  const all = input.options['all'] === true;
  if ([all, key !== undefined, offset !== undefined].filter(Boolean).length !== 1)
    throw new WrongUsage('Say which: --all, --key or --offset, one of them.', 'dlq redrive');
  if (offset !== undefined) needOne(input, 'dlq redrive');
  return (letter) => (all ? letter.redrivenAt === undefined : letter.key === key || letter.offset === offset);
}

function needOne(input: Input, command: string): void {
  if (addressees(input, command).length !== 1)
    throw new WrongUsage('Offsets are counted per topic and group: name both, --topic and --group.', command);
}

/** Dead letters of all that the options name; the log is open as long as `work` runs. */
async function withLetters<T>(
  { setting }: Context,
  input: Input,
  command: string,
  work: (letters: DeadLetter[], dead: DeadLetters) => Promise<T>,
): Promise<T> {
  const wanted = addressees(input, command);
  const log = await openLog(setting);
  try {
    const dead = new DeadLetters(log);
    const letters: DeadLetter[] = [];
    for (const addressee of wanted) letters.push(...(await dead.of(addressee)));
    return await work(letters, dead);
  } finally {
    await log.close();
  }
}

function addressees(input: Input, command: string): Addressee[] {
  const [topic, group] = [textOption(input, 'topic'), textOption(input, 'group')];
  // A pair that this version does not know may be from another one.
  if (topic !== undefined && group !== undefined) return [{ topic, group }];
  const known = Object.values(TOPICS).flatMap(({ name, groups }) =>
    groups.map((one: string) => ({ topic: name, group: one })),
  );
  const found = known.filter((one) => (topic ?? one.topic) === one.topic && (group ?? one.group) === one.group);
  if (found.length > 0) return found;
  const names = known.map((one) => `${one.topic} by ${one.group}`);
  throw new WrongUsage(`Nobody consumes that. There are: ${names.join(', ')}.`, command);
}

const iso = (ms: number) => new Date(ms).toISOString();

function publicForm({ value, failedAt, redrivenAt, ...letter }: DeadLetter) {
  return {
    ...letter,
    failedAt: iso(failedAt),
    ...(redrivenAt !== undefined && { redrivenAt: iso(redrivenAt) }),
    value: Buffer.from(value).toString('base64'),
  };
}

export const dlqCommands = [list, show, redrive];
