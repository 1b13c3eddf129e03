import { rest } from '@parley/contracts';
import type { Command } from '../command.js';
import { Failure } from '../failure.js';
import { newPassword } from '../terminal/new-password.js';

const change: Command = {
  name: 'password change',
  usage: '',
  summary: "changes the administrator's own password; first of all after a new installation",
  operands: [0, 0],
  async run(context) {
    const { client, password } = await context.anyLogin();
    const next = await newPassword(context, 'New password: ');
    if (next === undefined) throw new Failure('No new password: set PARLEY_NEW_PASSWORD, or give one on the terminal.');
    await client.call(rest.users.changePassword, { body: { current: password, next } });
    return { data: { changed: true }, text: 'Changed. All other sessions of this administrator ended.' };
  },
};

export const passwordCommands = [change];
