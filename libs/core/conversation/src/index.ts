// What conversation can do.
export { AddMembers, type AddMembersResult } from './application/add-members.js';
export { BlockUser } from './application/block-user.js';
export { ChangeMember } from './application/change-member.js';
export { CreateConversation, type CreateConversationCommand } from './application/create-conversation.js';
export { EnsureWorld } from './application/ensure-world.js';
export { GovernConversation } from './application/govern-conversation.js';
export { JoinConversation } from './application/join-conversation.js';
export { KeepContacts } from './application/keep-contacts.js';
export { LeaveConversation } from './application/leave-conversation.js';
export { ManageInvitations } from './application/manage-invitations.js';
export { OpenDirect } from './application/open-direct.js';
export { type InvitationPreview, PreviewInvitation } from './application/preview-invitation.js';
export { ReadContacts } from './application/read-contacts.js';
export { ReadConversations } from './application/read-conversations.js';
export { RemoveMember } from './application/remove-member.js';
export { RequestContact } from './application/request-contact.js';
export { SearchMembers } from './application/search-members.js';
export { SetMySettings } from './application/set-my-settings.js';

// Parts that the use cases share.
export { ConversationChanges } from './application/conversation-changes.js';
export { FactRelay } from './application/fact-relay.js';
export { PairChanges } from './application/pair-changes.js';
export { WhoMayBeAdded } from './application/who-may-be-added.js';

// Ports.
export { ConversationLog } from './ports/conversation-log.js';
export {
  type ConversationScope,
  ConversationStore,
  type Creation,
  type CreationKey,
  type Decision,
} from './ports/conversation-store.js';
export { PairStore } from './ports/pair-store.js';
export { type PendingFact, PendingFacts } from './ports/pending-facts.js';
export { UserDirectory } from './ports/user-directory.js';

// The language.
export {
  type Contact,
  type ContactChange,
  type ContactPatch,
  type ContactRequest,
  type RequestState,
  visibleState,
} from './domain/contact.js';
export {
  type Conversation,
  type ConversationKind,
  type ConversationView,
  type JoinPolicy,
  type Member,
  type MySettings,
  type Pair,
  pairOf,
  peerIn,
  rankOf,
  type Role,
  roleOfRank,
  type SendPolicy,
  WORLD,
} from './domain/conversation.js';
export { conversationNotFound } from './domain/conversation.errors.js';
export type { ConversationWrites, LoadedConversation } from './domain/conversation-draft.js';
export { foldName } from './domain/names.js';
export type { NewConversation } from './domain/creation.js';
export type { Fact, FactBody, NewMember } from './domain/fact.js';
export type { ConversationPatch, MemberPatch } from './domain/governance.js';
export type { Invitation } from './domain/invitation.js';
export type { Limits } from './domain/membership.js';
export type { LoadedPair, PairWrites, PairRules } from './domain/user-pair.js';
