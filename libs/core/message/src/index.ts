export {
  AdvanceCursors,
  AppendFacts,
  CursorWatch,
  type MovedCursor,
  SendMessages,
} from './application/commit-changes.js';
export {
  DeleteMessage,
  EditMessage,
  type HiddenMessage,
  HideWatch,
  PinMessage,
  ReactToMessage,
  RecallMessage,
} from './application/change-message.js';
export { GetMessages, ListMessages, ListPins } from './application/list-messages.js';
export {
  type ConversationState,
  ConversationStates,
  GetConversations,
  ListConversations,
} from './application/conversation-states.js';
export { CheckMembers, ListMemberIds } from './application/members.js';
export {
  GetMessage,
  GetReceipts,
  ListEvents,
  type LogEvent,
  type Receipts,
  type ReceiptTiers,
} from './application/read-log.js';
export { IndexMessages } from './application/index-messages.js';
export { type FoundMessage, type MessageSearch, SearchMessages } from './application/search-messages.js';
export { SyncDevice, type SyncPage } from './application/sync-device.js';
export { applyChanges, type ChangeOutcome } from './domain/apply-changes.js';
export type {
  CursorChange,
  EditChange,
  FactChange,
  HideChange,
  LogChange,
  PinChange,
  ReactChange,
  RecallChange,
  SendChange,
} from './domain/changes/change.js';
export type { MessageWindows } from './domain/changes/windows.js';
export type { FactBody, NewMember } from './domain/changes/fact.js';
export { sendKey } from './domain/changes/send.js';
export type { ConversationKind, ConversationRow, EventRow, MemberRole, MemberRow } from './domain/log-rows.js';
export { messageIdOf, placeOf } from './domain/message-id.js';
export { eventDataJson, messageJson } from './domain/public-json.js';
export type { Pin, ReactionKey } from './domain/marks-in-set.js';
export { EVERYBODY, type Hidden, type KnownSend, type Mention, WorkingSet } from './domain/working-set.js';
export { ConversationLog } from './ports/conversation-log.js';
export { LogReader, type Membership, type MessageRange } from './ports/log-reader.js';
export {
  type Candidates,
  type IndexedPart,
  type IndexProgress,
  MessageSearchIndex,
  SEARCH_WINDOW,
  type SearchScope,
} from './ports/message-search-index.js';
export { type IndexedEvent, SearchSource } from './ports/search-source.js';
