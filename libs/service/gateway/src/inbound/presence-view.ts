import type { PayloadOf, events } from '@parley/contracts';
import type { presenceV1 } from '@parley/contracts/rpc';

export function presenceView(state: presenceV1.PresenceState): PayloadOf<typeof events.presence.changed> {
  const { userId, online, lastSeenAt } = state;
  return { userId, online, ...(lastSeenAt === 0 ? {} : { lastSeenAt: new Date(lastSeenAt).toISOString() }) };
}
