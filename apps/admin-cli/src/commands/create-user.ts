import { randomBytes } from 'node:crypto';
import { rest } from '@parley/contracts';
import { type Command, textOption } from '../command.js';
import { titleOf } from '../rest/find-user.js';
import { newPassword } from '../terminal/new-password.js';

/** 120 bits: nobody guesses it, and it still fits into one line to copy. */
const generatedPassword = () => randomBytes(15).toString('base64url');

export const createUser: Command = {
  name: 'user create',
  usage: 'NAME [--display-name TEXT] [--generate]',
  summary: 'a new account; a password that nobody gave is made and printed once',
  operands: [1, 1],
  options: { 'display-name': { type: 'string' }, generate: { type: 'boolean' } },
  async run(context, input) {
    const [username = ''] = input.operands;
    const displayName = textOption(input, 'display-name');
    const given =
      input.options['generate'] === true
        ? undefined
        : await newPassword(context, `Password for ${username} (none: one is made): `);
    const password = given ?? generatedPassword();
    const { user, accessToken } = await context.open.call(rest.auth.register, {
      body: { username, password, ...(displayName === undefined ? {} : { displayName }) },
    });
    // The session that came with the account is nobody's.
    await context.open.as(accessToken).call(rest.auth.logout, { body: {} });
    const isGenerated = given === undefined;
    return {
      data: { ...user, ...(isGenerated ? { password } : {}) },
      text: `Created ${titleOf(user)}.${isGenerated ? `\nPassword, shown this once: ${password}` : ''}`,
    };
  },
};
