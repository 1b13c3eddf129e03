import { z } from 'zod';

type Json = Record<string, unknown>;

const OWN_DEFINITIONS = '#/$defs/';
const COMPONENTS = '#/components/schemas/';

/**
 * Zod schemas as JSON Schema 2020-12 of one document. Schemas with an id are described once, among the document's
 * components: a `$ref` in a document counts from its root, so the definitions that zod puts into each schema must move there.
 */
export class DocumentSchemas {
  readonly components: Record<string, Json> = {};

  /** @param io `input` is what a client may send, `output` what it gets. */
  of(schema: z.ZodType, io: 'input' | 'output' = 'output'): Json {
    const {
      $schema: _,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as Json & {
      $defs?: Record<string, Json>;
    };
    for (const [name, definition] of Object.entries($defs)) this.components[name] = moved(definition) as Json;
    return moved(json) as Json;
  }
}

function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === '$ref' && typeof part === 'string' ? part.replace(OWN_DEFINITIONS, COMPONENTS) : moved(part),
    ]),
  );
}
