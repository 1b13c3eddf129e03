import type { DataHalf, PeopleNotes } from '../data.js';
import { createData } from '../data-half.js';
import { State } from '../observable.js';
import type { Storage, Tabs, Uploader } from '../ports.js';
import { MemoryStorage } from '../store/memory-storage.js';
import { FakeClockwork } from './fake-clockwork.js';
import { errors, FakeServer } from './fake-server.js';
import { FakeTabs } from './fake-tabs.js';

export interface Desk {
  server: FakeServer;
  clockwork: FakeClockwork;
  storage: Storage;
  data: DataHalf;
}

const nobody: PeopleNotes = {
  get: () => new State(undefined),
  search: () => Promise.resolve({ items: [] }),
  note: () => undefined,
};

const noUploads: Uploader = {
  start: () => {
    throw new Error('nothing is uploaded here');
  },
};

/** The data half of one tab on fakes, started. */
export async function dataOn(part: Partial<Desk> & { tabs?: Tabs; uploader?: Uploader } = {}): Promise<Desk> {
  const {
    server = new FakeServer('me'),
    clockwork = new FakeClockwork(),
    storage = new MemoryStorage(),
    uploader = noUploads,
  } = part;
  const tabs = part.tabs ?? FakeTabs.alone(clockwork);
  const connection = new State<number | undefined>(undefined);
  const follow = () => connection.set(tabs.leading.value ? server.connection.value : undefined);
  follow();
  server.connection.subscribe(follow);
  tabs.leading.subscribe(follow);
  const realtime = server.realtime(connection);
  const data = createData({ rest: server.rest, realtime, tabs, storage, clockwork, uploader, people: nobody, errors });
  await data.start({ userId: server.me, deviceId: 'd', sessionId: 's' });
  return { server, clockwork, storage, data };
}
