export {
  useContacts,
  useConnection,
  useConversation,
  useConversations,
  useFileUrl,
  useMembers,
  useMessages,
  usePerson,
  usePresence,
  useSession,
  useTyping,
} from './composables.js';
export { useObservable } from './observable.js';
export { provideParley, useParley } from './parley.js';
