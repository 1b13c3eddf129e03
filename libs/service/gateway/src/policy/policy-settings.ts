import { DEFAULT_OPEN_PATHS } from '@parley/core-gateway';
import { list } from '@parley/platform';
import { z } from 'zod';

export const policySettings = {
  PARLEY_OPEN_PATHS: list([...DEFAULT_OPEN_PATHS])
    .refine((patterns) => patterns.every(isPattern), {
      error: 'must be regular expressions separated by commas',
    })
    .describe('Paths that need no token: regular expressions for the whole path, separated by commas'),
  PARLEY_TOKEN_ISSUER: z
    .string()
    .min(1)
    .max(200)
    .default('parley')
    .describe('Who signs access tokens (`iss`); the same value at gateway and identity'),
};

function isPattern(text: string): boolean {
  try {
    new RegExp(`^(?:${text})$`);
    return true;
  } catch {
    return false;
  }
}
