import type { DeviceSession, OperationName, RequestOf, User } from '../api.js';
import type { ErrorMaker } from '../errors.js';
import { State } from '../observable.js';
import type { Clockwork, Rest, Tabs } from '../ports.js';
import type { Http } from '../rest/http.js';
import type { ClientOptions, SessionControl, SessionState } from '../types.js';
import { sessionRow } from './opened.js';
import type { SessionRow, SessionStore } from './session-store.js';
import type { Renewal } from './renewal.js';
import type { Undertaker } from './undertaker.js';

export type EndReason = Exclude<Extract<SessionState, { status: 'signed-out' }>['reason'], undefined>;

/** How long a logout waits for the server before it goes on without. */
const TELL_WITHIN_MS = 5000;

export interface SessionParts {
  http: Http;
  rest: () => Rest;
  store: SessionStore;
  tabs: Tabs;
  clockwork: Clockwork;
  errors: ErrorMaker;
  renewal: Renewal;
  undertaker: Undertaker;
  device: ClientOptions['device'];
}

/** Who is signed in on this storage. The storage decides; each tab holds a copy that is read again when another tab says so. */
export class Session implements SessionControl {
  /** As stored. Changes with each refresh, too. */
  readonly row = new State<SessionRow | undefined>(undefined);
  readonly #state = new State<SessionState>({ status: 'loading' });

  constructor(private readonly parts: SessionParts) {
    parts.tabs.on('session', ({ reason }: { reason?: EndReason }) => void this.reload(reason).catch(() => undefined));
  }

  get value(): SessionState {
    return this.#state.value;
  }

  subscribe(listener: (value: SessionState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** Reads what is stored, at the start or because another tab changed it. */
  async reload(reason?: EndReason): Promise<void> {
    this.adopt(await this.parts.store.current(), reason);
  }

  adopt(row: SessionRow | undefined, reason?: EndReason): void {
    const { value } = this.#state;
    this.row.set(row);
    if (row === undefined) {
      if (value.status !== 'signed-out')
        this.#state.set(reason === undefined ? { status: 'signed-out' } : { status: 'signed-out', reason });
      return;
    }
    const { user, sessionId, deviceId } = row;
    const same = value.status === 'signed-in' && value.sessionId === sessionId && equal(value.user, user);
    if (!same) this.#state.set({ status: 'signed-in', user, sessionId, deviceId });
  }

  /** The server has ended this session; nothing happens where it is not the present one any more. */
  async ended(sessionId: string, reason: EndReason): Promise<void> {
    // Who comes back after a long absence finds what waited in the outbox; in all other cases it is nobody's to find.
    if (await this.parts.store.end(sessionId, { keepCache: reason === 'expired' })) this.#over(reason);
    else await this.reload(reason);
  }

  register(input: { username: string; password: string; displayName?: string }): Promise<User> {
    return this.#open('POST /auth/register', input);
  }

  login(input: { username: string; password: string }): Promise<User> {
    return this.#open('POST /auth/login', input);
  }

  guest(input: { displayName?: string } = {}): Promise<User> {
    return this.#open('POST /auth/guest', input);
  }

  async upgrade(body: { username: string; password: string }): Promise<User> {
    const asked = { at: this.parts.clockwork.now() };
    const opened = await this.parts.rest().call('POST /auth/guest/upgrade', { body });
    const row = sessionRow(opened, asked, undefined);
    // In place: the same session, with new tokens.
    if (await this.parts.store.replace(row)) this.#changed(row);
    return row.user;
  }

  async logout({ everywhere = false }: { everywhere?: boolean } = {}): Promise<void> {
    const { store, undertaker, clockwork } = this.parts;
    const row = await store.current();
    if (row === undefined) return;
    if (!(await store.end(row.sessionId, { keepCache: false, tell: { everywhere } }))) return;
    this.#over('logout');
    let stop = () => {};
    const enough = new Promise<void>((resolve) => (stop = clockwork.after(TELL_WITHIN_MS, resolve)));
    await Promise.race([undertaker.work(), enough]);
    stop();
  }

  async changePassword(body: { current: string; next: string }): Promise<void> {
    await this.parts.rest().call('PUT /users/me/password', { body });
    await this.updated(await this.parts.rest().call('GET /users/me', {}));
  }

  async updateProfile(body: { displayName?: string; avatarFileId?: string | null }): Promise<User> {
    const user = await this.parts.rest().call('PATCH /users/me', { body });
    await this.updated(user);
    return user;
  }

  async deleteAccount(): Promise<void> {
    const { sessionId } = this.#present();
    await this.parts.rest().call('DELETE /users/me', {});
    if (await this.parts.store.end(sessionId, { keepCache: false })) this.#over('deleted');
  }

  async devices(): Promise<readonly DeviceSession[]> {
    return (await this.parts.rest().call('GET /users/me/sessions', {})).items;
  }

  async endDevice(sessionId: string): Promise<void> {
    if (sessionId === this.row.value?.sessionId) return this.logout();
    await this.parts.rest().call('DELETE /users/me/sessions/{sessionId}', { params: { sessionId } });
  }

  /** The server said how the signed-in user looks now. */
  async updated(user: User): Promise<void> {
    const row = await this.parts.store.setUser(user);
    if (row !== undefined) this.#changed(row);
  }

  async #open<N extends 'POST /auth/register' | 'POST /auth/login' | 'POST /auth/guest'>(
    name: N,
    input: Omit<RequestOf<N>['body'], 'device'>,
  ): Promise<User> {
    const { http, store, clockwork, device, undertaker } = this.parts;
    const deviceId = await store.deviceId();
    const asked = { at: clockwork.now() };
    const body = { ...input, device: { deviceId, ...device } };
    const { body: opened, at } = await http.exchange(name as OperationName, { body });
    const row = sessionRow(opened as Parameters<typeof sessionRow>[0], asked, at);
    await store.open(row);
    this.#changed(row);
    void undertaker.work();
    return row.user;
  }

  #changed(row: SessionRow): void {
    this.adopt(row);
    this.#tell();
  }

  #present(): SessionRow {
    const row = this.row.value;
    if (row === undefined) throw this.parts.errors('client.signed_out');
    return row;
  }

  #over(reason: EndReason): void {
    this.adopt(undefined, reason);
    this.#tell(reason);
  }

  #tell(reason?: EndReason): void {
    this.parts.tabs.post('session', reason === undefined ? {} : { reason });
  }
}

/** Plain data, as JSON brings it. */
const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
