import { z } from 'zod';

/** Well-formed UTF-16 only: a lone surrogate has no UTF-8 form and could not come back as the same bytes. */
export const text = (max: number, min = 0) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode (no lone surrogates)');

/** An id that the server made. */
export const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9A-Za-z_.-]+$/, 'must be an id');
/** An id that a client made: printable ASCII without spaces. */
export const clientId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\x21-\x7e]+$/, 'must be 1 to 64 printable ASCII characters without spaces');
export const timestamp = z.iso.datetime();
export const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Query strings carry text only; this reads a whole number out of one. */
export const queryNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

export const queryFlag = z.enum(['true', 'false']).transform((value) => value === 'true');
/** `?userIds=a,b,c` (or the parameter repeated). */
export const queryIds = (max: number) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : value.split(',')).filter((part) => part !== ''))
    .pipe(z.array(id).min(1).max(max));

export const pageQuery = z.strictObject({
  cursor: z.string().max(500).optional(),
  limit: queryNumber(1, 100).optional(),
});

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

export const nothing = z.object({});

/** RFC 9457 problem details, with Parley's error code. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    retryable: z.boolean(),
    retryAfterMs: z.number().int().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    traceId: z.string(),
  })
  .meta({ id: 'Problem' });
