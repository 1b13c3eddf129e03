import type { Type } from '@nestjs/common';
import type { CommandGroup } from '../command.js';
import { CallCommands } from './calls.commands.js';
import { MessageMarkCommands } from './message-mark.commands.js';
import { MessageCommands } from './message.commands.js';
import { PresenceCommands } from './presence.commands.js';
import { SessionCommands } from './session.commands.js';

/** Every group of socket commands, one line each. */
export const commandGroups: Type<CommandGroup>[] = [
  CallCommands,
  MessageCommands,
  MessageMarkCommands,
  PresenceCommands,
  SessionCommands,
];
