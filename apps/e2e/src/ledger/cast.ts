import type { ParleyServer } from '@parley/testing';
import { login, type Person, people } from '../support/people.js';
import { LedgerDevice } from './ledger-device.js';

export interface Cast {
  persons: Person[];
  devices: LedgerDevice[];
  /** Conversations by the id of each member. */
  conversationsOf: Map<string, string[]>;
  /** Any member of each conversation, to read it with at the end. */
  readerOf: Map<string, Person>;
}

/** Everybody has a direct conversation with the next one, and there are groups of all and of halves. */
export async function castOf(server: ParleyServer, userCount: number, devicesEach: number): Promise<Cast> {
  const persons = await people(server, ...Array.from({ length: userCount }, (_, n) => `ledger${n}`));
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
    const next = persons[(index + 1) % userCount] as Person;
    if (next !== person) add(await person.directWith(next), [person, next]);
  }
  for (const members of [persons, persons.slice(0, Math.ceil(userCount / 2))]) {
    const [owner, ...others] = members as [Person, ...Person[]];
    add(await owner.group('Ledger', ...others), members);
  }
  const devices: LedgerDevice[] = [];
  for (const [index, person] of persons.entries()) {
    for (let n = 0; n < devicesEach; n++) {
      const deviceId = `device-${n}`;
      const { accessToken } = await login(server, person.username, deviceId);
      devices.push(new LedgerDevice(`user ${index} ${deviceId}`, person.id, server.url, accessToken, deviceId));
    }
  }
  return { persons, devices, conversationsOf, readerOf };
}
