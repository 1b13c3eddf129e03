import { administration } from './administration.js';
import { auth } from './auth.js';
import { calls } from './calls.js';
import { contacts } from './contacts.js';
import { conversations } from './conversations.js';
import { files } from './files.js';
import { members } from './members.js';
import { messageMarks } from './message-marks.js';
import { messages } from './messages.js';
import type { Operation } from './operation.js';
import { presence } from './presence.js';
import { search } from './search.js';
import { users } from './users.js';

/** Every REST operation by area. OpenAPI, the gateway's controllers and the SDK are made from this. */
export const rest = {
  administration,
  auth,
  calls,
  contacts,
  conversations,
  files,
  members,
  messageMarks,
  messages,
  presence,
  search,
  users,
};

export const operations: readonly Operation[] = Object.values(rest).flatMap(
  (area) => Object.values(area) as Operation[],
);
