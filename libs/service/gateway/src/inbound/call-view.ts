import type { call as callSchema } from '@parley/contracts';
import type { callV1 } from '@parley/contracts/rpc';
import type { z } from 'zod';
import { answered } from '../composition/answered.js';

/** The public call object, as the media-signal service made it. */
export function callView(wire: callV1.Call | undefined): z.input<typeof callSchema> {
  return JSON.parse(answered(wire).json) as z.input<typeof callSchema>;
}
