import type { ConversationRow, MemberRow } from '../domain/log-rows.js';
import { LogReader } from '../ports/log-reader.js';

export interface CheckedMember {
  userId: string;
  role: string;
  maySend: boolean;
  joinedSeq: number;
}

/** Which of some users are members now, for services that guard something of a conversation. Unknown conversations have no members. */
export class CheckMembers {
  constructor(
    private readonly reader: LogReader,
    private readonly now: () => number,
  ) {}

  async execute(query: {
    conversationId: string;
    userIds: readonly string[];
  }): Promise<{ kind: string; memberCount: number; members: CheckedMember[] }> {
    const conversation = await this.reader.conversation(query.conversationId);
    if (conversation === undefined) return { kind: '', memberCount: 0, members: [] };
    const members = await this.reader.members(conversation.no, query.userIds);
    return {
      kind: conversation.kind,
      memberCount: conversation.memberCount,
      members: members.map((member) => this.checked(conversation, member)),
    };
  }

  private checked(conversation: ConversationRow, member: MemberRow): CheckedMember {
    const maySend =
      !conversation.disbanded &&
      !member.blocked &&
      member.mutedUntil <= this.now() &&
      (!conversation.adminsOnly || member.role !== 'member');
    return { userId: member.userId, role: member.role, maySend, joinedSeq: member.joinedSeq };
  }
}

export class ListMemberIds {
  constructor(private readonly reader: LogReader) {}

  async execute(query: {
    conversationId: string;
    afterUserId: string;
    limit: number;
  }): Promise<{ userIds: string[]; hasMore: boolean; memberCount: number; headSeq: number }> {
    const conversation = await this.reader.conversation(query.conversationId);
    if (conversation === undefined) return { userIds: [], hasMore: false, memberCount: 0, headSeq: 0 };
    const rows = await this.reader.memberPage(conversation.no, query.afterUserId, query.limit + 1);
    return {
      userIds: rows.slice(0, query.limit).map((row) => row.userId),
      hasMore: rows.length > query.limit,
      memberCount: conversation.memberCount,
      // Read before the members, so they are at least as new.
      headSeq: conversation.headSeq,
    };
  }
}
