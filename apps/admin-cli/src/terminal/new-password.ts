import type { Context } from '../command.js';
import { Failure } from '../failure.js';

/** From PARLEY_NEW_PASSWORD, or asked twice on the terminal. Undefined where neither gave one. */
export async function newPassword(
  { setting, askSecret }: Pick<Context, 'setting' | 'askSecret'>,
  question: string,
): Promise<string | undefined> {
  const set = setting('PARLEY_NEW_PASSWORD');
  if (set !== undefined) return set;
  const first = await askSecret(question);
  if (first === undefined || first === '') return undefined;
  if ((await askSecret('The same again: ')) !== first)
    throw new Failure('The two passwords differ; nothing was changed.');
  return first;
}
