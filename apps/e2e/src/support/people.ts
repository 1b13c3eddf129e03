import { randomBytes } from 'node:crypto';
import { Api } from './api.js';
import { type ConnectOptions, Device } from './device.js';
import type { ServerUnderTest } from './server-under-test.js';
import type { Conversation, Opened } from './shapes.js';

export const PASSWORD = 'correct horse battery staple';

/** Somebody with an account. */
export class Person {
  readonly devices: Device[] = [];

  constructor(
    readonly server: ServerUnderTest,
    readonly api: Api,
    readonly opened: Opened,
    readonly username: string,
  ) {}

  get id(): string {
    return this.opened.user.userId;
  }

  get token(): string {
    return this.opened.accessToken;
  }

  /** A socket with the session that this person was made with. */
  async connect(options: ConnectOptions = {}): Promise<Device> {
    const device = await Device.connect(this.server.url, this.token, options);
    this.devices.push(device);
    return device;
  }

  /** Logs in once more, as on another phone, and connects it. */
  async anotherDevice(deviceId: string): Promise<{ opened: Opened; device: Device; api: Api }> {
    const opened = await login(this.server, this.username, deviceId);
    const device = await Device.connect(this.server.url, opened.accessToken, { deviceId });
    this.devices.push(device);
    return { opened, device, api: new Api(this.server.url, opened.accessToken) };
  }

  async directWith(other: Person): Promise<string> {
    const conversation = await this.api.put<Conversation>(`/conversations/direct/${other.id}`);
    return conversation.conversationId;
  }

  async group(title: string, ...members: Person[]): Promise<string> {
    const memberIds = members.map((member) => member.id);
    const conversation = await this.api.post<Conversation>('/conversations', { kind: 'group', title, memberIds });
    return conversation.conversationId;
  }

  conversation(conversationId: string): Promise<Conversation> {
    return this.api.get<Conversation>(`/conversations/${conversationId}`);
  }
}

export const login = (server: ServerUnderTest, username: string, deviceId?: string): Promise<Opened> =>
  new Api(server.url).post<Opened>('/auth/login', {
    username,
    password: PASSWORD,
    ...(deviceId ? { device: { deviceId, name: deviceId, platform: 'e2e' } } : {}),
  });

export async function person(server: ServerUnderTest, name: string): Promise<Person> {
  const username = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}_${randomBytes(4).toString('hex')}`;
  const opened = await new Api(server.url).post<Opened>('/auth/register', {
    username,
    password: PASSWORD,
    displayName: name,
  });
  return new Person(server, new Api(server.url, opened.accessToken), opened, username);
}

export const people = (server: ServerUnderTest, ...names: string[]): Promise<Person[]> =>
  Promise.all(names.map((name) => person(server, name)));

export const ADMIN_PASSWORD = 'first administrator of this test';

/** The first administrator, with the forced password change done (by whoever asks first). */
export async function administrator(server: ServerUnderTest): Promise<Person> {
  const open = new Api(server.url);
  const first = await open.call<Opened>('POST', '/auth/login', {
    body: { username: 'admin', password: ADMIN_PASSWORD },
  });
  if (first.status === 200) {
    const api = new Api(server.url, first.body.accessToken);
    await api.put('/users/me/password', { current: ADMIN_PASSWORD, next: PASSWORD });
  }
  const opened = await login(server, 'admin');
  return new Person(server, new Api(server.url, opened.accessToken), opened, 'admin');
}
