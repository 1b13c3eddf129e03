import type { MemberAt } from '../domain/member-list.js';
import { MemberReader, type MembersRead } from '../ports/member-reader.js';

/** Members as they are now, ahead of what the consumer has seen if the test wants so. */
export class InMemoryMemberReader extends MemberReader {
  reads = 0;
  down = false;
  headSeq = 0;
  private readonly conversations = new Map<string, MemberAt[]>();

  set(conversationId: string, members: Record<string, number>): void {
    this.conversations.set(
      conversationId,
      Object.entries(members).map(([userId, joinedSeq]) => ({ userId, joinedSeq })),
    );
  }

  async read(conversationId: string, unwanted: (memberCount: number) => boolean): Promise<MembersRead> {
    this.reads += 1;
    if (this.down) throw new Error('message is down');
    const members = this.conversations.get(conversationId) ?? [];
    const shown = unwanted(members.length) ? [] : [...members];
    return { memberCount: members.length, members: shown, headSeq: this.headSeq };
  }
}
