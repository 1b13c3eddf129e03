import { z } from 'zod';

/** A setting that is wrong or missing. `message` names every wrong variable and the form it wants. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads settings from the environment by a schema whose keys are the variables' names. All wrong ones are told at once.
 * Empty variables count as absent.
 * @param rules What else is wrong with the given values, between several of them: lines that name the variables.
 */
export function readSettings<S extends z.ZodRawShape>(
  shape: S,
  env: NodeJS.ProcessEnv,
  rules: (given: Readonly<Record<string, string | undefined>>) => string[] = () => [],
): z.output<z.ZodObject<S>> {
  const given = Object.fromEntries(Object.keys(shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const result = z.object(shape).safeParse(given);
  const issues = result.error?.issues ?? [];
  const wrong = [...issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`), ...rules(given)];
  if (result.success && wrong.length === 0) return result.data;
  throw new SettingsError(`Some settings are wrong:\n  ${wrong.join('\n  ')}`);
}

export const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number from 0 to 65535')
    .transform(Number)
    .refine((value) => value <= 65535, 'must be a port number from 0 to 65535')
    .default(fallback);

export const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`)
    .default(fallback);

export const onOff = (fallback: boolean) =>
  z
    .enum(['on', 'off'], { error: 'must be "on" or "off"' })
    .transform((value) => value === 'on')
    .default(fallback);

/** Comma-separated values. */
export const list = (fallback: string[]) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .default(fallback);
