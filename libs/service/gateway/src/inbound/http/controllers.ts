import type { Type } from '@nestjs/common';
import { AdminPoliciesController } from './admin-policies.controller.js';
import { AdminSystemController } from './admin-system.controller.js';
import { AdminUsersController } from './admin-users.controller.js';
import { AuthController } from './auth.controller.js';
import { CallsController } from './calls.controller.js';
import { ContactsController } from './contacts.controller.js';
import { ConversationsController } from './conversations.controller.js';
import { FilesController } from './files.controller.js';
import { MembersController } from './members.controller.js';
import { MessageMarksController } from './message-marks.controller.js';
import { MessagesController } from './messages.controller.js';
import { PresenceController } from './presence.controller.js';
import { SearchController } from './search.controller.js';
import { UsersController } from './users.controller.js';

/** Every REST controller, one line each. */
export const controllers: Type[] = [
  AdminPoliciesController,
  AdminSystemController,
  AdminUsersController,
  AuthController,
  CallsController,
  ContactsController,
  ConversationsController,
  FilesController,
  MembersController,
  MessageMarksController,
  MessagesController,
  PresenceController,
  SearchController,
  UsersController,
];
