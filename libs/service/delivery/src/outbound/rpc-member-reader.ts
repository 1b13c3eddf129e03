import { messageV1, type RpcClients, type ServiceClient } from '@parley/contracts/rpc';
import { type MemberAt, MemberReader, type MembersRead } from '@parley/core-delivery';

const PAGE = 5000;

/** Members from the message service, which enforces membership and is therefore the one to ask. */
export class RpcMemberReader extends MemberReader {
  private readonly message: ServiceClient<typeof messageV1.MessageServiceService>;

  constructor(rpc: RpcClients) {
    super();
    this.message = rpc.of(messageV1.MessageServiceService);
  }

  async read(conversationId: string, unwanted: (memberCount: number) => boolean): Promise<MembersRead> {
    const members: MemberAt[] = [];
    // Of the oldest page.
    let headSeq: number | undefined;
    for (let afterUserId = ''; ; ) {
      const page = await this.message.listMemberIds({ conversationId, afterUserId, limit: PAGE });
      const { userIds, memberCount } = page;
      headSeq ??= page.headSeq;
      if (unwanted(memberCount) || userIds.length === 0) return { memberCount, members: [...members], headSeq };
      // The ids come without their join points, which decide about events from before a join.
      const checked = await this.message.checkMembers({ conversationId, userIds });
      for (const { userId, joinedSeq } of checked.members) members.push({ userId, joinedSeq });
      if (!page.hasMore) return { memberCount, members, headSeq };
      afterUserId = userIds.at(-1) as string;
    }
  }
}
