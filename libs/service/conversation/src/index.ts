export { ConversationModule, type ConversationModuleOptions } from './conversation.module.js';
export { type ConversationSettings, conversationSettings } from './settings.js';
