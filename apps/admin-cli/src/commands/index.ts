import type { Command } from '../command.js';
import { auditCommands } from './audit.js';
import { createUser } from './create-user.js';
import { dlqCommands } from './dlq.js';
import { passwordCommands } from './password.js';
import { policyCommands } from './policy.js';
import { roleCommands } from './role.js';
import { userCommands } from './user.js';

/** All there are, in the order of the usage. */
export const commands: readonly Command[] = [
  ...passwordCommands,
  createUser,
  ...userCommands,
  ...roleCommands,
  ...policyCommands,
  ...auditCommands,
  ...dlqCommands,
];
