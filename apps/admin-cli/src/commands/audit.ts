import { rest } from '@parley/contracts';
import type { Command } from '../command.js';
import { collect, limitOf, limitOption } from '../rest/pages.js';
import { table } from '../terminal/table.js';

const audit: Command = {
  name: 'audit',
  usage: '[--limit N]',
  summary: 'who changed what, newest first',
  operands: [0, 0],
  options: limitOption,
  async run(context, input) {
    const limit = limitOf(input, 'audit');
    const client = await context.administrator();
    const { items, note } = await collect(limit, (query) => client.call(rest.administration.audit, { query }));
    const rows = items.map(({ at, actorId, action, subject, details }) => [
      at,
      actorId,
      action,
      subject,
      Object.keys(details).length === 0 ? '' : JSON.stringify(details),
    ]);
    return {
      data: items,
      text: table(['at', 'by', 'action', 'about', 'details'], rows, 'Nothing was changed yet.'),
      note,
    };
  },
};

export const auditCommands = [audit];
