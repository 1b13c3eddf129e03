/** What a message shows of one emoji. */
export interface ReactionSummary {
  emoji: string;
  count: number;
  userIds: string[];
}

export const MAX_EMOJI = 20;
/** Users that are named per emoji; the others are counted. */
const MAX_NAMED = 50;

/**
 * The reactions of a message are a fold over its events, which every client makes as well: an emoji is appended by its first use and
 * goes with its last; a user is appended while there is room, and a place that gets free goes to the next who reacts. So nothing but
 * the event is needed to go from one state to the next, however many reacted.
 */
export function withReaction(reactions: string, emoji: string, userId: string): { json: string; count: number } {
  const all = summariesOf(reactions);
  let one = all.find((each) => each.emoji === emoji);
  if (one === undefined) {
    one = { emoji, count: 0, userIds: [] };
    all.push(one);
  }
  one.count += 1;
  if (one.userIds.length < MAX_NAMED) one.userIds.push(userId);
  return { json: JSON.stringify(all), count: one.count };
}

export function withoutReaction(reactions: string, emoji: string, userId: string): { json: string; count: number } {
  const all = summariesOf(reactions);
  const one = all.find((each) => each.emoji === emoji);
  if (one === undefined) return { json: reactions, count: 0 };
  one.count -= 1;
  one.userIds = one.userIds.filter((each) => each !== userId);
  const left = all.filter((each) => each.count > 0);
  return { json: left.length === 0 ? '' : JSON.stringify(left), count: one.count };
}

export function summariesOf(reactions: string): ReactionSummary[] {
  return reactions === '' ? [] : (JSON.parse(reactions) as ReactionSummary[]);
}
