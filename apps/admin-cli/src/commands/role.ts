import { rest } from '@parley/contracts';
import type { Command } from '../command.js';
import { findUser, titleOf } from '../rest/find-user.js';
import { table } from '../terminal/table.js';

const { administration } = rest;

const list: Command = {
  name: 'role list',
  usage: '',
  summary: 'every role with its members and the roles it includes',
  operands: [0, 0],
  async run(context) {
    const client = await context.administrator();
    const { items } = await client.call(administration.roles, {});
    const rows = items.map(({ role, members, includes }) => [role, members.join(' '), includes.join(' ')]);
    return { data: items, text: table(['role', 'members', 'includes'], rows, 'No roles.') };
  },
};

const assign: Command = {
  name: 'role assign',
  usage: 'NAME|ID ROLE',
  summary: 'gives somebody a role, in force at once',
  operands: [2, 2],
  async run(context, { operands: [name = '', role = ''] }) {
    const client = await context.administrator();
    const user = await findUser(client, name);
    const { version } = await client.call(administration.assignRole, { params: { role, userId: user.userId } });
    return { data: { userId: user.userId, role, version }, text: `${titleOf(user)} has the role ${role}.` };
  },
};

const unassign: Command = {
  name: 'role unassign',
  usage: 'NAME|ID ROLE',
  summary: 'takes a role away, at once',
  operands: [2, 2],
  async run(context, { operands: [name = '', role = ''] }) {
    const client = await context.administrator();
    const user = await findUser(client, name);
    const { version } = await client.call(administration.unassignRole, { params: { role, userId: user.userId } });
    return { data: { userId: user.userId, role, version }, text: `${titleOf(user)} no longer has the role ${role}.` };
  },
};

export const roleCommands = [list, assign, unassign];
