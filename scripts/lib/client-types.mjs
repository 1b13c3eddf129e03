import { writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';
import { z } from 'zod';
import { at } from './root.mjs';

/** The SDK's types of the public surface. Written from the schemas that validate, so that an application needs neither them nor zod. */
export const CLIENT_TYPES = 'libs/client/src/gen/api.ts';

const BANNER = `/* eslint-disable */
// Made by \`npm run gen\` from libs/contracts/src/public: never edit it here.
`;

/** @param contracts the module \`@parley/contracts\`. */
export async function clientTypes(contracts) {
  const definitions = {};
  const of = (schema, io) => (schema === undefined ? undefined : json(schema, io, definitions));
  const operations = contracts.operations.map((operation) => [
    `${operation.method} ${operation.path}`,
    operation.summary,
    {
      params: of(operation.params, 'input'),
      query: of(operation.query, 'input'),
      body: of(operation.body, 'input'),
      response: of(operation.response, 'output'),
    },
  ]);
  const commands = contracts.socketCommands.map((command) => [
    command.event,
    command.summary,
    { input: of(command.input, 'input'), output: of(command.output, 'output') },
  ]);
  const events = contracts.socketEvents.map((event) => [event.event, event.summary, of(event.payload, 'output')]);
  const root = {
    title: 'PublicSurface',
    ...table({
      Operations: table(rows(operations)),
      Commands: table(rows(commands)),
      Events: table(
        Object.fromEntries(events.map(([name, summary, payload]) => [name, { ...payload, description: summary }])),
      ),
      ErrorCode: { enum: Object.keys(contracts.ERROR_CODES).sort() },
    }),
    $defs: definitions,
  };
  const text = await compile(root, 'PublicSurface', {
    bannerComment: BANNER,
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  return text;
}

export async function writeClientTypes() {
  const text = await clientTypes(await import(at('libs/contracts/dist/index.js')));
  await writeFile(at(CLIENT_TYPES), text);
}

function rows(entries) {
  return Object.fromEntries(
    entries.map(([name, description, parts]) => [
      name,
      { ...table(Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined))), description },
    ]),
  );
}

function table(properties) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function json(schema, io, definitions) {
  const { $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  Object.assign(definitions, opened($defs));
  return opened(own);
}

const NO_TYPE = new Set(['$schema', 'pattern', 'title', 'id', 'properties']);

/** Answers may gain fields; that is for clients to ignore, not for types to say. What ids allow is no type either. */
function opened(value) {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  const parts = mapped(Object.entries(value).filter(([key]) => !NO_TYPE.has(key)));
  // Fields may be called `title` or `id`.
  return value.properties === undefined ? parts : { ...parts, properties: mapped(Object.entries(value.properties)) };
}

const mapped = (entries) => Object.fromEntries(entries.map(([key, part]) => [key, opened(part)]));
