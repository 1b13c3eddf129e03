import { login, type Person, people } from '../support/people.js';
import type { ServerUnderTest } from '../support/server-under-test.js';
import type { Conversation } from '../support/shapes.js';
import { LedgerDevice } from './ledger-device.js';

export interface Cast {
  persons: Person[];
  devices: LedgerDevice[];
  /** Conversations by the id of each member. */
  conversationsOf: Map<string, string[]>;
  /** Any member of each conversation, to read it with at the end. */
  readerOf: Map<string, Person>;
  /** Public addresses; what one says, all have to say. */
  edges: readonly string[];
}

export interface CastOptions {
  users: number;
  devicesEach: number;
  /** Public addresses, where there are several. Devices begin at different ones and go on at another when theirs is gone. */
  edges?: readonly string[];
}

/** Everybody has a direct conversation with the next one, and there are groups of all and of halves, and a room of all. */
export async function castOf(
  server: ServerUnderTest,
  { users, devicesEach, edges = [server.url] }: CastOptions,
): Promise<Cast> {
  const persons = await people(server, ...Array.from({ length: users }, (_, n) => `ledger${n}`));
  const conversationsOf = new Map(persons.map((person) => [person.id, [] as string[]]));
  const readerOf = new Map<string, Person>();
  const add = (conversationId: string, members: Person[]) => {
    readerOf.set(conversationId, members[0] as Person);
    for (const member of members) {
      const own = conversationsOf.get(member.id) as string[];
      if (!own.includes(conversationId)) own.push(conversationId);
    }
  };
  for (const [index, person] of persons.entries()) {
    const next = persons[(index + 1) % users] as Person;
    if (next !== person) add(await person.directWith(next), [person, next]);
  }
  for (const members of [persons, persons.slice(0, Math.ceil(users / 2))]) {
    const [owner, ...others] = members as [Person, ...Person[]];
    add(await owner.group('Ledger', ...others), members);
  }
  add(await roomOf(persons), persons);
  const devices: LedgerDevice[] = [];
  for (const [index, person] of persons.entries()) {
    for (let n = 0; n < devicesEach; n++) {
      const deviceId = `device-${n}`;
      const opened = await login(server, person.username, deviceId);
      devices.push(new LedgerDevice(`user ${index} ${deviceId}`, person.id, edges, index + n, opened, deviceId));
    }
  }
  return { persons, devices, conversationsOf, readerOf, edges };
}

async function roomOf([owner, ...others]: Person[]): Promise<string> {
  const room = await (owner as Person).api.post<Conversation>('/conversations', { kind: 'room', title: 'Ledger' });
  for (const other of others) await other.api.post(`/conversations/${room.conversationId}/join`);
  return room.conversationId;
}
