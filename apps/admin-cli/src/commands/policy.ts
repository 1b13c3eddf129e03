import { type BodyOf, rest } from '@parley/contracts';
import type { Command } from '../command.js';
import { WrongUsage } from '../failure.js';
import { findUser } from '../rest/find-user.js';
import type { RestClient } from '../rest/rest-client.js';
import { table } from '../terminal/table.js';

const { administration } = rest;
type Rule = BodyOf<typeof administration.addPolicies>['rules'][number];

const RULE = '`p SUBJECT PATH METHOD allow|deny` or `g SUBJECT ROLE`';

const list: Command = {
  name: 'policy list',
  usage: '',
  summary: 'all rules',
  operands: [0, 0],
  async run(context) {
    const client = await context.administrator();
    const policy = await client.call(administration.policies, {});
    const rows = policy.items.map(({ ptype, values }) => [ptype, ...values]);
    return {
      data: policy,
      text: table(['type', 'subject', 'path or role', 'method', 'effect'], rows, 'No rules: nobody may do anything.'),
    };
  },
};

/** A subject is a role, a user id, or `@NAME` for the user of that name. */
const subjectOf = async (client: RestClient, text: string): Promise<string> =>
  text.startsWith('@') ? (await findUser(client, text.slice(1))).userId : text;

function ruleOf([ptype, ...values]: string[], command: string): Rule {
  if ((ptype === 'p' && values.length === 4) || (ptype === 'g' && values.length === 2)) return { ptype, values };
  throw new WrongUsage(`A rule is ${RULE}.`, command);
}

function change(verb: 'add' | 'remove', summary: string): Command {
  const name = `policy ${verb}`;
  return {
    name,
    usage: 'RULE',
    summary,
    // How many make a rule depends on the first.
    operands: [1, 9],
    async run(context, { operands }) {
      const rule = ruleOf(operands, name);
      const client = await context.administrator();
      rule.values[0] = await subjectOf(client, rule.values[0]!);
      const body = { rules: [rule] };
      const { version } =
        verb === 'add'
          ? await client.call(administration.addPolicies, { body })
          : await client.call(administration.removePolicies, { body });
      const done = verb === 'add' ? 'In force' : 'No longer in force';
      return { data: { rule, version }, text: `${done} on every gateway: ${lineOf(rule)}` };
    },
  };
}

const check: Command = {
  name: 'policy check',
  usage: 'SUBJECT OBJECT ACTION',
  summary: 'whether and why it would be allowed: @ada /api/v1/users GET, @ada /socket/message:send EMIT',
  operands: [3, 3],
  async run(context, { operands: [subject = '', object = '', action = ''] }) {
    const client = await context.administrator();
    const query = { subject: await subjectOf(client, subject), object, action };
    const answer = await client.call(administration.checkPolicy, { query });
    const reason = answer.banned ? 'banned' : answer.rule ? lineOf(answer.rule) : 'no rule allows it';
    const roles = answer.roles.join(', ') || 'none';
    return { data: answer, text: `${answer.allowed ? 'allowed' : 'denied'}: ${reason}\nroles: ${roles}` };
  },
};

const lineOf = ({ ptype, values }: Rule) => [ptype, ...values].join(' ');

export const policyCommands = [list, change('add', `adds a rule, ${RULE}`), change('remove', 'removes a rule'), check];
