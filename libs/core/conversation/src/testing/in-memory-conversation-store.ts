import type { ConversationId, Page, PageRequest, UserId } from '@parley/kernel';
import {
  type Conversation,
  type ConversationView,
  type Member,
  type MySettings,
  rankOf,
} from '../domain/conversation.js';
import { conversationNotFound } from '../domain/conversation.errors.js';
import type { ConversationWrites, LoadedConversation } from '../domain/conversation-draft.js';
import { foldName } from '../domain/names.js';
import type { NewConversation } from '../domain/creation.js';
import type { Invitation } from '../domain/invitation.js';
import {
  type ConversationScope,
  ConversationStore,
  type Creation,
  type CreationKey,
  type Decision,
} from '../ports/conversation-store.js';
import { type InMemoryState, pageOf, type StoredMember } from './in-memory-state.js';

const oldestFirst = (a: Member, b: Member) =>
  rankOf(a.role) - rankOf(b.role) || a.joinedAt - b.joinedAt || (a.userId < b.userId ? -1 : 1);

/** Waits a turn before it acts, so that parallel callers meet, and then acts in one go. */
export class InMemoryConversationStore extends ConversationStore {
  constructor(private readonly state: InMemoryState) {
    super();
  }

  async create(made: NewConversation, refused: readonly UserId[], once?: CreationKey): Promise<Creation> {
    await Promise.resolve();
    const key = once && `${once.creatorId} ${once.key}`;
    const before = key === undefined ? undefined : this.state.creations.get(key);
    if (before !== undefined) return before;
    const creation = { conversationId: made.conversation.id, refused, fingerprint: once?.fingerprint ?? '' };
    if (this.state.conversations.has(made.conversation.id)) return creation;
    this.state.insert(made);
    if (key !== undefined) this.state.creations.set(key, creation);
    return creation;
  }

  async findCreation(creatorId: UserId, key: string): Promise<Creation | undefined> {
    await Promise.resolve();
    return this.state.creations.get(`${creatorId} ${key}`);
  }

  async change<T>(
    id: ConversationId,
    scope: ConversationScope,
    decide: (loaded: LoadedConversation) => Decision<T, ConversationWrites>,
  ): Promise<T> {
    await Promise.resolve();
    const loaded = this.load(id, scope);
    const { result, changes } = decide(loaded);
    this.state.versions.set(id, loaded.version);
    this.state.conversations.set(id, changes.conversation);
    for (const member of changes.put) {
      this.state.putMember(id, member);
      this.state.keptMutes.delete(`${id} ${member.userId}`);
      this.state.removed.delete(`${id} ${member.userId}`);
    }
    for (const userId of changes.drop) this.membersOf(id).delete(userId);
    for (const [userId, until] of changes.keepMutes) this.state.keptMutes.set(`${id} ${userId}`, until);
    for (const userId of changes.bar) this.state.removed.set(`${id} ${userId}`, loaded.version);
    if (changes.invitation !== undefined) this.state.invitations.set(changes.invitation.code, changes.invitation);
    if (changes.revoked !== undefined) this.state.invitations.delete(changes.revoked);
    this.state.enqueue(changes.facts);
    return result;
  }

  async look(id: ConversationId, scope: ConversationScope): Promise<LoadedConversation | undefined> {
    await Promise.resolve();
    return this.state.conversations.has(id) ? this.load(id, scope) : undefined;
  }

  async views(userId: UserId, ids: readonly ConversationId[]): Promise<ConversationView[]> {
    await Promise.resolve();
    return ids.flatMap((id) => this.view(userId, this.state.conversations.get(id)));
  }

  async openRooms(userId: UserId, page: PageRequest): Promise<Page<ConversationView>> {
    await Promise.resolve();
    const rooms = [...this.state.conversations.values()]
      .filter((each) => each.kind === 'room' && each.joinPolicy === 'open' && !each.disbanded)
      .sort((a, b) => (a.id > b.id ? -1 : 1));
    const cut = pageOf(rooms, page, (room) => room.id);
    return { ...cut, items: cut.items.flatMap((room) => this.view(userId, room)) };
  }

  async members(id: ConversationId, page: PageRequest): Promise<Page<Member>> {
    await Promise.resolve();
    const sorted = [...this.membersOf(id).values()].sort(oldestFirst);
    return pageOf<Member>(sorted, page, (member) => member.userId);
  }

  async membersAmong(id: ConversationId, userIds: readonly UserId[]): Promise<Member[]> {
    await Promise.resolve();
    return [...new Set(userIds)].sort().flatMap((userId) => this.membersOf(id).get(userId) ?? []);
  }

  async membersByNickname(id: ConversationId, prefix: string, limit: number): Promise<Member[]> {
    await Promise.resolve();
    const found = [...this.membersOf(id).values()].filter(({ nickname }) => foldName(nickname).startsWith(prefix));
    const key = (member: Member) => `${foldName(member.nickname)} ${member.userId}`;
    return found.sort((a, b) => (key(a) < key(b) ? -1 : 1)).slice(0, limit);
  }

  async find(id: ConversationId): Promise<Conversation | undefined> {
    await Promise.resolve();
    return this.state.conversations.get(id);
  }

  async setMySettings(id: ConversationId, userId: UserId, patch: Partial<MySettings>): Promise<MySettings | undefined> {
    await Promise.resolve();
    const member = this.membersOf(id).get(userId);
    if (member === undefined) return undefined;
    const named = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    member.settings = { ...member.settings, ...named };
    return member.settings;
  }

  async invitations(id: ConversationId): Promise<Invitation[]> {
    await Promise.resolve();
    return [...this.state.invitations.values()]
      .filter((each) => each.conversationId === id)
      .sort((a, b) => b.createdAt - a.createdAt || (a.code < b.code ? -1 : 1));
  }

  async findInvitation(code: string): Promise<Invitation | undefined> {
    await Promise.resolve();
    return this.state.invitations.get(code);
  }

  private load(id: ConversationId, scope: ConversationScope): LoadedConversation {
    const conversation = this.state.conversations.get(id);
    if (conversation === undefined) throw conversationNotFound();
    const all = this.membersOf(id);
    const invitation = scope.invitation === undefined ? undefined : this.state.invitations.get(scope.invitation);
    const ownerNamed = conversation.ownerId !== '' && scope.userIds.includes(conversation.ownerId);
    const successor = [...all.values()].filter(({ role }) => role !== 'owner').sort(oldestFirst)[0];
    return {
      conversation,
      members: [...new Set(scope.userIds)].flatMap((userId) => all.get(userId) ?? []),
      keptMutes: ofUsers(this.state.keptMutes, id, scope.userIds),
      removedIn: ofUsers(this.state.removed, id, scope.userIds),
      version: (this.state.versions.get(id) ?? 1) + 1,
      ...(ownerNamed && successor !== undefined ? { successor } : {}),
      ...(invitation?.conversationId === id ? { invitation } : {}),
    };
  }

  private view(userId: UserId, conversation: Conversation | undefined): ConversationView[] {
    if (conversation === undefined) return [];
    const membership = this.membersOf(conversation.id).get(userId);
    return [membership === undefined ? { conversation } : { conversation, membership }];
  }

  private membersOf(id: ConversationId): Map<UserId, StoredMember> {
    return this.state.members.get(id) ?? new Map<UserId, StoredMember>();
  }
}

function ofUsers(numbers: ReadonlyMap<string, number>, id: ConversationId, userIds: readonly UserId[]) {
  return new Map(
    userIds.flatMap((userId): [UserId, number][] => {
      const found = numbers.get(`${id} ${userId}`);
      return found === undefined ? [] : [[userId, found]];
    }),
  );
}
