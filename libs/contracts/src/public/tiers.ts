import { z } from 'zod';

/** What a conversation of this size offers, as data, so that a client can tell what was reduced. */
export const tier = z
  .object({
    name: z.enum(['small', 'large', 'huge']),
    /** Others' cursors: each member's, numbers only, or none. */
    receipts: z.enum(['member', 'count', 'off']),
    typing: z.boolean(),
    /** Events reach every member's sockets, or those that sent `conversation:subscribe`. */
    push: z.enum(['member', 'subscribed']),
  })
  .meta({ id: 'Tier' });

export type Tier = z.infer<typeof tier>;

/** Members up to which a conversation is small, and large; beyond it is huge. */
export const TIER_LIMITS = { small: 200, large: 2000 } as const;

const TIERS = {
  small: { name: 'small', receipts: 'member', typing: true, push: 'member' },
  large: { name: 'large', receipts: 'count', typing: false, push: 'member' },
  huge: { name: 'huge', receipts: 'off', typing: false, push: 'subscribed' },
} as const satisfies Record<string, Tier>;

/** The one place that decides by size; every service that reduces something asks here. */
export function conversationTier(memberCount: number): Tier {
  if (memberCount <= TIER_LIMITS.small) return TIERS.small;
  return memberCount <= TIER_LIMITS.large ? TIERS.large : TIERS.huge;
}
