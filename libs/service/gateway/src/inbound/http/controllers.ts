import type { Type } from '@nestjs/common';
import { ContactsController } from './contacts.controller.js';
import { ConversationsController } from './conversations.controller.js';
import { MembersController } from './members.controller.js';
import { MessagesController } from './messages.controller.js';

/** Every REST controller, one line each. */
export const controllers: Type[] = [ContactsController, ConversationsController, MembersController, MessagesController];
