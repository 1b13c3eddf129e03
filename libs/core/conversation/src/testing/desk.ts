import type { ConversationId, UserId } from '@parley/kernel';
import { AddMembers } from '../application/add-members.js';
import { BlockUser } from '../application/block-user.js';
import { ChangeMember } from '../application/change-member.js';
import { ConversationChanges } from '../application/conversation-changes.js';
import { CreateConversation } from '../application/create-conversation.js';
import { EnsureWorld } from '../application/ensure-world.js';
import { FactRelay } from '../application/fact-relay.js';
import { GovernConversation } from '../application/govern-conversation.js';
import { JoinConversation } from '../application/join-conversation.js';
import { KeepContacts } from '../application/keep-contacts.js';
import { LeaveConversation } from '../application/leave-conversation.js';
import { ManageInvitations } from '../application/manage-invitations.js';
import { OpenDirect } from '../application/open-direct.js';
import { PairChanges } from '../application/pair-changes.js';
import { PreviewInvitation } from '../application/preview-invitation.js';
import { ReadContacts } from '../application/read-contacts.js';
import { ReadConversations } from '../application/read-conversations.js';
import { RemoveMember } from '../application/remove-member.js';
import { RequestContact } from '../application/request-contact.js';
import { SearchMembers } from '../application/search-members.js';
import { SetMySettings } from '../application/set-my-settings.js';
import { WhoMayBeAdded } from '../application/who-may-be-added.js';
import type { Founding } from '../domain/creation.js';
import type { ConversationStore } from '../ports/conversation-store.js';
import type { PairStore } from '../ports/pair-store.js';
import type { PendingFacts } from '../ports/pending-facts.js';
import { CountingIds, FakeClock, FakeConversationLog, FakeUserDirectory } from './fakes.js';
import { InMemoryConversationStore } from './in-memory-conversation-store.js';
import { InMemoryPairStore } from './in-memory-pair-store.js';
import { InMemoryPendingFacts } from './in-memory-pending-facts.js';
import { InMemoryState } from './in-memory-state.js';

export interface Stores {
  conversations: ConversationStore;
  pairs: PairStore;
  pending: PendingFacts;
}

export function inMemoryStores(): Stores & { state: InMemoryState } {
  const state = new InMemoryState();
  return {
    state,
    conversations: new InMemoryConversationStore(state),
    pairs: new InMemoryPairStore(state),
    pending: new InMemoryPendingFacts(state),
  };
}

export const user = (name: string) => name as UserId;
export const [ann, bob, cid, dan] = [user('ann'), user('bob'), user('cid'), user('dan')];
export const REQUEST_TTL_MS = 14 * 24 * 3600 * 1000;
export const PAUSE_MS = 24 * 3600 * 1000;

/** All use cases over given stores, with a fake log, directory and clock. */
export function deskOver<S extends Stores>(stores: S, groupMembers = 10_000) {
  const { conversations, pairs, pending } = stores;
  const [clock, ids, users, log] = [
    new FakeClock(),
    new CountingIds(),
    new FakeUserDirectory(),
    new FakeConversationLog(),
  ];
  const limits = { groupMembers };
  const relay = new FactRelay(pending, log);
  const changes = new ConversationChanges(conversations, relay, clock, ids);
  const pairChanges = new PairChanges(pairs, clock, ids, { requestTtlMs: REQUEST_TTL_MS, pauseMs: PAUSE_MS });
  const candidates = new WhoMayBeAdded(users, pairs);
  const create = new CreateConversation(conversations, candidates, relay, clock, ids, limits);
  const read = new ReadConversations(conversations);
  return {
    ...stores,
    clock,
    users,
    log,
    relay,
    create,
    ensureWorld: new EnsureWorld(conversations, clock, ids),
    openDirect: new OpenDirect(pairs, pairChanges, users, relay),
    join: new JoinConversation(conversations, changes, limits),
    leave: new LeaveConversation(changes),
    add: new AddMembers(changes, candidates, limits),
    changeMember: new ChangeMember(changes),
    remove: new RemoveMember(changes),
    govern: new GovernConversation(changes),
    mySettings: new SetMySettings(conversations),
    invitations: new ManageInvitations(conversations, changes, clock, ids),
    preview: new PreviewInvitation(conversations, limits, clock, ids),
    read,
    searchMembers: new SearchMembers(read, conversations, users),
    contacts: new KeepContacts(pairChanges),
    requests: new RequestContact(pairs, pairChanges, users),
    blocks: new BlockUser(pairChanges, users, relay),
    readContacts: new ReadContacts(pairs),
    /** A group (or what `founding` says) of ann with the others. */
    async group(others: UserId[] = [bob], founding: Partial<Founding> = {}): Promise<ConversationId> {
      const wish = { kind: 'group' as const, title: 'Team', description: '', ...founding };
      return (await create.execute({ actorId: ann, memberIds: others, idempotencyKey: '', ...wish })).conversationId;
    },
    async roleOf(id: ConversationId, userId: UserId): Promise<string | undefined> {
      return (await conversations.views(userId, [id]))[0]?.membership?.role;
    },
  };
}

export const desk = (groupMembers?: number) => deskOver(inMemoryStores(), groupMembers);
