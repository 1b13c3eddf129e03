import { callCommands, callEvents } from './calls.js';
import { contactEvents } from './contacts.js';
import { conversationEvents } from './conversations.js';
import { messageMarkCommands } from './message-marks.js';
import { messageCommands, messageEvents } from './messages.js';
import { presenceCommands, presenceEvents } from './presence.js';
import { sessionEvents, syncCommands } from './sync.js';
import { userEvents } from './users.js';
import type { SocketCommandDefinition, SocketEventDefinition } from './socket.js';

/** Every socket event by area. AsyncAPI, the gateway's command table and the SDK are made from this. */
export const commands = {
  call: callCommands,
  message: messageCommands,
  messageMark: messageMarkCommands,
  presence: presenceCommands,
  session: syncCommands,
};
export const events = {
  call: callEvents,
  contact: contactEvents,
  conversation: conversationEvents,
  message: messageEvents,
  presence: presenceEvents,
  session: sessionEvents,
  user: userEvents,
};

export const socketCommands: readonly SocketCommandDefinition[] = Object.values(commands).flatMap(
  (area) => Object.values(area) as SocketCommandDefinition[],
);
export const socketEvents: readonly SocketEventDefinition[] = Object.values(events).flatMap(
  (area) => Object.values(area) as SocketEventDefinition[],
);
