import type { CreateData, DataHalf } from './data.js';
import { State } from './observable.js';

/** The place of the data half while it is being written: nobody has conversations yet. Its author replaces this file. */
export const createData: CreateData = ({ errors }) => {
  const nothingYet = (): never => {
    throw errors('client.offline');
  };
  const conversations = Object.assign(new State<readonly never[]>([]), {
    loaded: new State(false),
    unread: new State({ messages: 0, mentions: 0, conversations: 0 }),
  });
  return {
    conversations: new Proxy(conversations, {
      get: (target, key) => {
        const known: unknown = Reflect.get(target, key);
        if (known === undefined) return nothingYet;
        return typeof known === 'function' ? known.bind(target) : known;
      },
    }) as unknown as DataHalf['conversations'],
    messages: nothingYet,
    members: nothingYet,
    waiting: new State(0),
    caughtUp: new State(true),
    itemOf: nothingYet,
    start: () => Promise.resolve(),
    stop: () => undefined,
  };
};
