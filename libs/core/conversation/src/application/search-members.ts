import type { ConversationId, UserId } from '@parley/kernel';
import type { Member } from '../domain/conversation.js';
import { conversationNotFound } from '../domain/conversation.errors.js';
import { foldName } from '../domain/names.js';
import type { ConversationStore } from '../ports/conversation-store.js';
import type { UserDirectory } from '../ports/user-directory.js';
import type { ReadConversations } from './read-conversations.js';

/** Up to here identity is asked about the members themselves. */
const ASKED_BY_NAME = 2000;
const PER_CALL = 1000;
/** Beyond, so many pages of people of that name are looked through for members. */
const PAGES = 5;
const PAGE = 100;

/**
 * Members whose nickname, username or a word of whose display name begins so: for the completion of mentions. Nicknames first. Work is
 * bounded whatever the size: among very many members a short beginning that very many people share may leave some out; more letters
 * find them.
 */
export class SearchMembers {
  constructor(
    private readonly reader: ReadConversations,
    private readonly store: ConversationStore,
    private readonly users: UserDirectory,
  ) {}

  /** Nobody where `text` has nothing to look for. @param limit at most 100 */
  async execute(actorId: UserId, id: ConversationId, text: string, limit: number): Promise<Member[]> {
    const { conversation, membership } = await this.reader.one(actorId, id);
    if (membership === undefined) throw conversationNotFound();
    const prefix = foldName(text);
    if (prefix === '') return [];
    const byName =
      conversation.memberCount <= ASKED_BY_NAME
        ? this.amongAll(actorId, id, prefix, limit)
        : this.amongNamesakes(actorId, id, prefix, limit);
    const found = [...(await this.store.membersByNickname(id, prefix, limit)), ...(await byName)];
    return [...new Map(found.map((member) => [member.userId, member])).values()].slice(0, limit);
  }

  private async amongAll(actorId: UserId, id: ConversationId, prefix: string, limit: number): Promise<Member[]> {
    const named: UserId[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.store.members(id, { limit: PER_CALL, ...(cursor === undefined ? {} : { cursor }) });
      cursor = page.nextCursor;
      const userIds = page.items.map(({ userId }) => userId);
      if (userIds.length > 0) named.push(...(await this.users.named(actorId, prefix, userIds, { limit })).items);
    } while (cursor !== undefined && named.length < limit);
    return this.inOrder(id, named);
  }

  private async amongNamesakes(actorId: UserId, id: ConversationId, prefix: string, limit: number): Promise<Member[]> {
    const members: Member[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < PAGES && members.length < limit; pages += 1) {
      const page = await this.users.named(actorId, prefix, [], {
        limit: PAGE,
        ...(cursor === undefined ? {} : { cursor }),
      });
      members.push(...(await this.inOrder(id, page.items)));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    return members;
  }

  private async inOrder(id: ConversationId, userIds: readonly UserId[]): Promise<Member[]> {
    const members = new Map((await this.store.membersAmong(id, userIds)).map((member) => [member.userId, member]));
    return userIds.flatMap((userId) => members.get(userId) ?? []);
  }
}
