import { type ConversationRow, visibleFrom } from '../domain/log-rows.js';
import type { LogReader, Membership } from '../ports/log-reader.js';
import { membershipOf } from './read-log.js';

/** What is left to look at of one conversation. */
export interface OpenScope {
  conversation: ConversationRow;
  /** The first and the last seq that may answer. */
  fromSeq: number;
  toSeq: number;
  /** Nothing that was not looked at is newer. */
  newestAt: number;
  /** Times were not turned into seqs yet. */
  isTimed: boolean;
}

/** Conversations of one user that are searched, those with the latest activity. */
const MOST_MEMBERSHIPS = 5000;
const PAGE = 1000;
/** How far clocks of those who write one conversation may differ: there, a later seq may have an earlier time. */
export const SKEW_MS = 2000;

/** The conversations in which the user is now, from where they may read. One that is named must be among them. */
export async function scopesOf(reader: LogReader, userId: string, conversationId: string): Promise<OpenScope[]> {
  const memberships =
    conversationId === '' ? await allOf(reader, userId) : [await membershipOf(reader, userId, conversationId)];
  return memberships
    .map(({ conversation, member }) => ({
      conversation,
      fromSeq: visibleFrom(conversation, member),
      toSeq: conversation.headSeq,
      newestAt: conversation.lastActivityAt,
      isTimed: false,
    }))
    .filter(({ fromSeq, toSeq }) => fromSeq <= toSeq)
    .sort((a, b) => b.newestAt - a.newestAt)
    .slice(0, MOST_MEMBERSHIPS);
}

async function allOf(reader: LogReader, userId: string): Promise<Membership[]> {
  const all: Membership[] = [];
  for (let after = 0; ; ) {
    const page = await reader.allMemberships(userId, after, PAGE);
    all.push(...page.filter(({ member }) => member.goneSeq === 0));
    if (page.length < PAGE) return all;
    after = page.at(-1)?.conversation.no ?? 0;
  }
}

/** Narrows scopes to the seqs of a time, both ends inclusive and a little wider. All of them together, in some twenty reads. */
export async function narrow(
  reader: LogReader,
  scopes: readonly OpenScope[],
  { fromAt, toAt }: { fromAt: number; toAt: number },
): Promise<void> {
  const open = scopes.filter((scope) => !scope.isTimed);
  for (const scope of open) scope.isTimed = true;
  const late = open.filter(({ conversation }) => conversation.lastActivityAt > toAt);
  const ends = await firstAfter(reader, late, toAt + SKEW_MS);
  for (const [i, scope] of late.entries()) scope.toSeq = (ends[i] as number) - 1;
  if (fromAt === 0) return;
  const begins = await firstAfter(reader, open, fromAt - SKEW_MS - 1);
  for (const [i, scope] of open.entries()) scope.fromSeq = begins[i] as number;
}

/** For each scope the first seq whose event is later than `time`; one beyond its end where there is none. */
async function firstAfter(reader: LogReader, scopes: readonly OpenScope[], time: number): Promise<number[]> {
  const ends = scopes.map(({ fromSeq, toSeq }) => ({ low: fromSeq, high: toSeq + 1 }));
  for (;;) {
    const places = scopes.flatMap(({ conversation: { no } }, i) => {
      const { low, high } = ends[i] as (typeof ends)[number];
      return low < high ? [{ i, no, seq: Math.floor((low + high) / 2) }] : [];
    });
    if (places.length === 0) return ends.map(({ low }) => low);
    const times = await reader.timesAt(places);
    for (const { i, no, seq } of places) {
      const end = ends[i] as (typeof ends)[number];
      if ((times.get(no) ?? 0) > time) end.high = seq;
      else end.low = seq + 1;
    }
  }
}
