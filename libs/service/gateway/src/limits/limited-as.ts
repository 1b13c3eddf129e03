import { commands, type Operation, rest } from '@parley/contracts';

export type LimitedAs = 'send' | 'request';

const { messages, messageMarks } = rest;
/**
 * What adds an event to a conversation's log reaches everybody in it, as a message does, and counts as one: else somebody who is told to wait would
 * go on with edits and with reactions, on and off again.
 */
const SENDING: ReadonlySet<Operation> = new Set<Operation>([
  ...[messages.send, messages.edit, messages.recall],
  ...[messageMarks.react, messageMarks.unreact, messageMarks.pin, messageMarks.unpin],
]);
const SENDING_EVENTS: ReadonlySet<string> = new Set(
  [
    ...[commands.message.send, commands.message.edit, commands.message.recall],
    ...[commands.messageMark.react, commands.messageMark.pin],
  ].map(({ event }) => event),
);

export const operationLimitedAs = (operation: Operation | undefined): LimitedAs =>
  operation !== undefined && SENDING.has(operation) ? 'send' : 'request';

export const commandLimitedAs = (event: string): LimitedAs => (SENDING_EVENTS.has(event) ? 'send' : 'request');
