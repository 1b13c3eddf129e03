import type { MemberAt } from '../domain/member-list.js';

export interface MembersRead {
  memberCount: number;
  members: MemberAt[];
  headSeq: number;
}

/** Who is in a conversation now. Asked when a conversation is met for the first time, or the consumer lags. */
export abstract class MemberReader {
  /**
   * At least as new as every event consumed so far, and as the event `headSeq`. Members are left out where `unwanted(memberCount)`; an unknown conversation
   * has none. Throws `server.unavailable` when it cannot be known.
   */
  abstract read(conversationId: string, unwanted: (memberCount: number) => boolean): Promise<MembersRead>;
}
