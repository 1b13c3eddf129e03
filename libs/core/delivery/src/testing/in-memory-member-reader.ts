import type { MemberAt } from '../domain/member-list.js';
import { MemberReader } from '../ports/member-reader.js';

/** Members as they are now, ahead of what the consumer has seen if the test wants so. */
export class InMemoryMemberReader extends MemberReader {
  reads = 0;
  down = false;
  private readonly conversations = new Map<string, MemberAt[]>();

  set(conversationId: string, members: Record<string, number>): void {
    this.conversations.set(
      conversationId,
      Object.entries(members).map(([userId, joinedSeq]) => ({ userId, joinedSeq })),
    );
  }

  async read(
    conversationId: string,
    unwanted: (memberCount: number) => boolean,
  ): Promise<{ memberCount: number; members: MemberAt[] }> {
    this.reads += 1;
    if (this.down) throw new Error('message is down');
    const members = this.conversations.get(conversationId) ?? [];
    return { memberCount: members.length, members: unwanted(members.length) ? [] : [...members] };
  }
}
