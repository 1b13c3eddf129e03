import type {
  AnswerOf,
  CommandInput,
  CommandName,
  CommandOutput,
  EventName,
  EventPayload,
  OperationName,
  RequestOf,
} from './api.js';
import { ContactBook } from './contacts/contact-book.js';
import type { DataHalf } from './data.js';
import { createData } from './data-half.js';
import { errorMaker } from './error-answers.js';
import type { Observable } from './observable.js';
import { KnownPeople } from './people/known-people.js';
import { type Platform, thisPlatform } from './platform/platform.js';
import type { Storage, Tabs } from './ports.js';
import { SharedPresence } from './presence/presence.js';
import { ConnectionBoard } from './realtime/connection-board.js';
import { Connector } from './realtime/connector.js';
import { SharedRealtime } from './realtime/shared-realtime.js';
import { AuthorizedRest } from './rest/authorized-rest.js';
import { Http } from './rest/http.js';
import { search } from './search/search.js';
import { byLease, byLocks } from './session/exclusive.js';
import { Renewal } from './session/renewal.js';
import { Session } from './session/session.js';
import { accountStorage, SessionStore } from './session/session-store.js';
import { Undertaker } from './session/undertaker.js';
import { indexedDbStorage, memoryStorage } from './store/index.js';
import { Alone } from './tabs/alone.js';
import { ElectedTabs } from './tabs/elected-tabs.js';
import { TypingSigns } from './typing/typing.js';
import type { ClientOptions, ParleyClient, SearchPage, SearchQuery, Typing } from './types.js';
import { SharedFiles } from './uploads/shared-files.js';

/** A client on this page or in this process. It signs in by itself where a session is stored. */
export function createClient(options: ClientOptions = {}): ParleyClient {
  return assemble(options, thisPlatform());
}

/** The one place where the parts are put together. */
export function assemble(options: ClientOptions, platform: Platform): ParleyClient {
  const base = (options.url ?? platform.origin)?.replace(/\/+$/, '');
  if (base === undefined) throw new TypeError('createClient wants the url of a server');
  const { clockwork, fetch } = platform;
  const language = options.language ?? platform.language ?? 'en';
  const namespace = options.namespace ?? 'parley';
  const errors = errorMaker(language);
  const storage = openStorage(options.storage, namespace, platform);
  const tabs = openTabs(options, namespace, platform);

  const http = new Http({ fetch, clockwork, errors, base, language });
  const store = new SessionStore(storage, clockwork);
  const { locks } = platform;
  const exclusive =
    locks !== undefined && !(tabs instanceof Alone)
      ? byLocks(locks, `${namespace}:refresh`, clockwork)
      : byLease(store, clockwork);
  const undertaker = new Undertaker(http, store, clockwork);
  const renewal = new Renewal(http, store, clockwork, exclusive, errors, () => tabs.post('session', {}));
  const rest = new AuthorizedRest(http, renewal, () => errors('client.signed_out'));
  const session = new Session({
    http,
    rest: () => rest,
    store,
    tabs,
    clockwork,
    errors,
    renewal,
    undertaker,
    device: options.device,
  });
  renewal.serve(session);

  const connector = new Connector({
    url: base,
    platform,
    errors,
    session,
    tokens: renewal,
    onEvent: (name, payload) => realtime.received(name, payload),
  });
  const realtime = new SharedRealtime(connector, tabs, session);
  const me = () => session.row.value?.user.userId;
  const owned = accountStorage(storage, me, () => errors('client.signed_out'));
  const people = new KnownPeople({ rest, realtime, storage: owned, clockwork });
  const files = new SharedFiles({
    rest,
    platform,
    errors,
    base,
    serverNow: () => http.serverNow(),
  });
  const data = createData({ rest, realtime, tabs, storage: owned, clockwork, uploader: files, people, errors });
  const connection = new ConnectionBoard({
    tabs,
    link: connector.status,
    caughtUp: data.caughtUp,
    waiting: data.waiting,
  });
  const contacts = new ContactBook({ rest, realtime, clockwork, people, connection });
  const presence = new SharedPresence({ realtime, tabs, clockwork });
  const typing = new TypingSigns({ realtime, clockwork, me });

  const parts: Parts = {
    ...(typeof options.storage === 'object' ? {} : { ownStorage: storage }),
    tabs,
    session,
    renewal,
    undertaker,
    realtime,
    people,
    files,
    data,
    connection,
    contacts,
    presence,
    typing,
    platform,
  };
  const life = new Life(parts);
  // Nothing for reactive frameworks to wrap in a proxy: each of these is observed, and knows itself by its private parts.
  for (const held of [session, connection, data.conversations, contacts, people, presence, files])
    Object.preventExtensions(held);
  return Object.freeze<ParleyClient>({
    session,
    connection,
    conversations: data.conversations,
    contacts,
    people,
    presence,
    files,
    messages: (conversationId) => Object.preventExtensions(data.messages(conversationId)),
    members: (conversationId) => Object.preventExtensions(data.members(conversationId)),
    typing: (conversationId): Observable<readonly Typing[]> => typing.in(conversationId),
    setTyping: (conversationId, state) => typing.set(conversationId, state),
    search: (query: SearchQuery): Promise<SearchPage> => search(rest, query, (message) => data.itemOf(message)),
    async call<N extends OperationName>(name: N, request: RequestOf<N>): Promise<AnswerOf<N>> {
      await life.started;
      return rest.call(name, request);
    },
    command: <N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> =>
      realtime.command(name, input),
    on: <N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): (() => void) =>
      realtime.on(name, listener),
    reconnect: () => realtime.reconnect(),
    close: () => life.close(),
  });
}

interface Parts {
  /** One that was given stays open: others may use it. */
  ownStorage?: Storage;
  tabs: Tabs & { close(): void };
  session: Session;
  renewal: Renewal;
  undertaker: Undertaker;
  realtime: SharedRealtime;
  people: KnownPeople;
  files: SharedFiles;
  data: DataHalf;
  connection: ConnectionBoard;
  contacts: ContactBook;
  presence: SharedPresence;
  typing: TypingSigns;
  platform: Platform;
}

/** What begins and ends with a session, with leading, and with the client. */
class Life {
  /** What is stored has been read. */
  readonly started: Promise<void>;
  readonly #stops: (() => void)[];
  #sessionId: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(private readonly parts: Parts) {
    const { session, tabs, renewal, undertaker, platform, realtime } = parts;
    const leads = () => {
      renewal.keepFresh(tabs.leading.value);
      if (tabs.leading.value) void undertaker.work();
    };
    this.#stops = [
      session.subscribe(() => this.#follow()),
      tabs.leading.subscribe(leads),
      platform.on((event) => {
        if (event === 'online' && tabs.leading.value) void undertaker.work();
      }),
      realtime.on('user:changed', ({ user }) => void session.updated(user).catch(() => undefined)),
    ];
    leads();
    // A storage that cannot be read is one in which nobody is signed in.
    this.started = session.reload().catch(() => session.adopt(undefined));
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const { parts } = this;
    await this.started;
    for (const stop of this.#stops) stop();
    parts.renewal.keepFresh(false);
    parts.undertaker.close();
    if (this.#sessionId !== undefined) this.#leave();
    for (const part of [
      parts.typing,
      parts.presence,
      parts.contacts,
      parts.connection,
      parts.people,
      parts.realtime,
      parts.tabs,
    ])
      part.close();
    await parts.ownStorage?.close();
  }

  /** The collections belong to one session: they are emptied after it, and filled for the next. */
  #follow(): void {
    const { value } = this.parts.session;
    const sessionId = value.status === 'signed-in' ? value.sessionId : undefined;
    if (sessionId === this.#sessionId) return;
    if (this.#sessionId !== undefined) this.#leave();
    this.#sessionId = sessionId;
    if (value.status !== 'signed-in') return;
    const { user, deviceId } = value;
    this.parts.people.note([user]);
    this.parts.people.start();
    void this.parts.data.start({ userId: user.userId, deviceId, sessionId: value.sessionId }).catch(() => undefined);
  }

  #leave(): void {
    const { data, people, contacts, presence, typing, files } = this.parts;
    this.#sessionId = undefined;
    data.stop();
    for (const part of [people, contacts, presence, typing, files]) part.forget();
  }
}

function openStorage(wanted: ClientOptions['storage'], namespace: string, platform: Platform): Storage {
  if (typeof wanted === 'object') return wanted;
  return wanted === 'memory' || !platform.hasIndexedDb ? memoryStorage() : indexedDbStorage(namespace);
}

/** What is in memory is no other tab's business, so such a client leads for itself. */
function openTabs(options: ClientOptions, namespace: string, platform: Platform): Tabs & { close(): void } {
  const { locks, channel } = platform;
  const shared =
    options.tabs === 'shared' || (options.tabs !== 'alone' && options.storage !== 'memory' && platform.hasIndexedDb);
  if (!shared || locks === undefined || channel === undefined) return new Alone(platform.clockwork);
  return new ElectedTabs(
    { ...platform, locks, channel },
    namespace,
    errorMaker(options.language ?? platform.language ?? 'en'),
  );
}
