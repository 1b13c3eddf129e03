import {
  ERROR_CODES,
  type Operation,
  operations,
  problem,
  type SocketCommandDefinition,
  type SocketEventDefinition,
  socketCommands,
  socketEvents,
} from '@parley/contracts';

/**
 * Every answer and every event that any flow sees is held against the published schemas, so that each flow is also a
 * test of the documents.
 */
export class ContractBroken extends Error {}

interface Route {
  operation: Operation;
  pattern: RegExp;
}

const fullPath = (operation: Operation) =>
  operation.path.startsWith('/.well-known') ? operation.path : `/api/v1${operation.path}`;

const routes: Route[] = operations
  .map((operation) => ({
    operation,
    pattern: new RegExp(
      `^${fullPath(operation)
        .replaceAll('.', '\\.')
        .replaceAll(/\{\w+\}/g, '[^/]+')}$`,
    ),
  }))
  // `/users/me` before `/users/{id}`: fewer parameters are more exact.
  .sort((a, b) => parameters(a.operation) - parameters(b.operation));

function parameters(operation: Operation): number {
  return operation.path.split('{').length;
}

export function operationOf(method: string, path: string): Operation | undefined {
  return routes.find((route) => route.operation.method === method && route.pattern.test(path))?.operation;
}

export interface RawAnswer {
  status: number;
  contentType: string;
  body: unknown;
}

export function checkAnswer(method: string, path: string, answer: RawAnswer): void {
  const operation = operationOf(method, path);
  const where = `${method} ${path} (${operation?.id ?? 'no operation'}) answered ${answer.status}`;
  if (answer.status >= 500) throw new ContractBroken(`${where}: ${JSON.stringify(answer.body)}`);
  if (answer.status >= 400) checkProblem(where, answer);
  else if (operation && answer.status < 300) checkSuccess(where, operation, answer);
}

function checkProblem(where: string, { status, contentType, body }: RawAnswer): void {
  if (!contentType.startsWith('application/problem+json')) throw new ContractBroken(`${where} as ${contentType}`);
  const parsed = problem.safeParse(body);
  if (!parsed.success) throw new ContractBroken(`${where}: ${parsed.error.message}\n${JSON.stringify(body)}`);
  if (parsed.data.status !== status) throw new ContractBroken(`${where}, the body says ${parsed.data.status}`);
  if (!(parsed.data.code in ERROR_CODES)) throw new ContractBroken(`${where}: unpublished code ${parsed.data.code}`);
}

function checkSuccess(where: string, operation: Operation, { status, body }: RawAnswer): void {
  const expected = operation.status ?? (operation.response ? 200 : 204);
  // What redirects may be asked for the address as data instead.
  if (status !== expected && !(expected === 302 && status === 200))
    throw new ContractBroken(`${where}, documented is ${expected}`);
  if (!operation.response) return;
  const parsed = operation.response.safeParse(body);
  if (!parsed.success) throw new ContractBroken(`${where}: ${parsed.error.message}\n${JSON.stringify(body)}`);
}

const commandByName = new Map<string, SocketCommandDefinition>(socketCommands.map((one) => [one.event, one]));
const eventByName = new Map<string, SocketEventDefinition>(socketEvents.map((one) => [one.event, one]));

export interface SocketError {
  code: string;
  message: string;
  retryable: boolean;
  retryAfterMs?: number;
  errors?: { path: string; message: string }[];
}

export type Ack = { ok: true; data: unknown } | { ok: false; error: SocketError };

export function checkAck(event: string, ack: Ack): void {
  if (ack?.ok === true) {
    const parsed = commandByName.get(event)?.output.safeParse(ack.data);
    if (parsed?.success === false)
      throw new ContractBroken(`ack of ${event}: ${parsed.error.message}\n${JSON.stringify(ack)}`);
    return;
  }
  if (ack?.ok !== false || typeof ack.error?.code !== 'string' || typeof ack.error.retryable !== 'boolean')
    throw new ContractBroken(`ack of ${event} has not the documented form: ${JSON.stringify(ack)}`);
  if (!(ack.error.code in ERROR_CODES)) throw new ContractBroken(`ack of ${event}: unpublished code ${ack.error.code}`);
  if (ack.error.code === 'server.internal') throw new ContractBroken(`ack of ${event}: ${JSON.stringify(ack.error)}`);
}

/** What is wrong with an event of the server, if anything. Not thrown: it arrives outside any test's call. */
export function whatIsWrongWith(event: string, payload: unknown): string | undefined {
  const definition = eventByName.get(event);
  if (!definition) return `${event} is not a published event`;
  const parsed = definition.payload.safeParse(payload);
  return parsed.success ? undefined : `${event}: ${parsed.error.message}\n${JSON.stringify(payload)}`;
}
