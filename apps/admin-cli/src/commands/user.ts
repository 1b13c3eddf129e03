import { rest } from '@parley/contracts';
import { type Command, textOption } from '../command.js';
import { WrongUsage } from '../failure.js';
import { findUser, titleOf } from '../rest/find-user.js';
import { collect, limitOf, limitOption } from '../rest/pages.js';
import { table } from '../terminal/table.js';

const { administration } = rest;

const list: Command = {
  name: 'user list',
  usage: '[TEXT] [--limit N]',
  summary: 'users, newest first, or those whose name begins so',
  operands: [0, 1],
  options: limitOption,
  async run(context, input) {
    const limit = limitOf(input, 'user list');
    const [q] = input.operands;
    const client = await context.administrator();
    const { items, note } = await collect(limit, (page) =>
      client.call(administration.users, { query: { ...page, ...(q === undefined ? {} : { q }) } }),
    );
    const rows = items.map((user) => [
      user.userId,
      user.username ?? '',
      user.displayName,
      user.roles?.join(' ') ?? '',
      user.createdAt,
    ]);
    return { data: items, text: table(['id', 'name', 'shown as', 'roles', 'since'], rows, 'No users.'), note };
  },
};

const ban: Command = {
  name: 'user ban',
  usage: 'NAME|ID [--until TIME] [--reason TEXT]',
  summary: 'refuses somebody everywhere, at once; for good without --until',
  operands: [1, 1],
  options: { until: { type: 'string' }, reason: { type: 'string' } },
  async run(context, input) {
    const until = untilOf(textOption(input, 'until'));
    const reason = textOption(input, 'reason');
    const client = await context.administrator();
    const user = await findUser(client, input.operands[0]!);
    const { version } = await client.call(administration.ban, {
      body: {
        kind: 'user',
        value: user.userId,
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until }),
      },
    });
    return {
      data: { userId: user.userId, until, version },
      text: `Banned ${titleOf(user)} ${until ? `until ${until}` : 'for good'}.`,
    };
  },
};

const unban: Command = {
  name: 'user unban',
  usage: 'NAME|ID',
  summary: 'lifts a ban',
  operands: [1, 1],
  async run(context, { operands }) {
    const client = await context.administrator();
    const user = await findUser(client, operands[0]!);
    await client.call(administration.unban, { params: { kind: 'user', value: user.userId } });
    return { data: { userId: user.userId }, text: `${titleOf(user)} may log in again.` };
  },
};

const endSessions: Command = {
  name: 'user sessions end',
  usage: 'NAME|ID',
  summary: 'logs somebody out everywhere; they may log in again',
  operands: [1, 1],
  async run(context, { operands }) {
    const client = await context.administrator();
    const user = await findUser(client, operands[0]!);
    await client.call(administration.endSessions, { params: { userId: user.userId } });
    return { data: { userId: user.userId }, text: `Ended all sessions of ${titleOf(user)}.` };
  },
};

const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** A day alone begins at midnight UTC. A time without its zone is refused: shell and server may mean different ones. */
function untilOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    throw new WrongUsage(
      '--until takes an ISO 8601 time with its zone, as 2030-01-31T12:00:00Z, or a day.',
      'user ban',
    );
  if (at <= Date.now()) throw new WrongUsage(`--until lies in the past (${text}).`, 'user ban');
  return new Date(at).toISOString();
}

export const userCommands = [list, ban, unban, endSessions];
