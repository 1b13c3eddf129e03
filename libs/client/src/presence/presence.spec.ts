import { beforeEach, describe, expect, it } from 'vitest';
import { errorMaker } from '../error-answers.js';
import { Alone } from '../tabs/alone.js';
import { ElectedTabs } from '../tabs/elected-tabs.js';
import { FakeBrowser } from '../testing/fake-browser.js';
import { FakeClockwork, settled } from '../testing/fake-clockwork.js';
import { FakeRealtime } from '../testing/fake-server-side.js';
import { SharedPresence } from './presence.js';

const ids = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`);
const nothing = () => undefined;

function aServer() {
  const realtime = new FakeRealtime();
  const watched = new Set<string>();
  realtime.answer = (name, { userIds }: { userIds: string[] }) => {
    if (name === 'presence:subscribe') for (const userId of userIds) watched.add(userId);
    else for (const userId of userIds) watched.delete(userId);
    return { items: userIds.map((userId) => ({ userId, online: true })) };
  };
  return {
    realtime,
    watched,
    sizes: () => realtime.asked.map(({ input }) => (input as { userIds: string[] }).userIds.length),
  };
}

describe('SharedPresence', () => {
  let clockwork: FakeClockwork;
  let server: ReturnType<typeof aServer>;
  let presence: SharedPresence;
  beforeEach(() => {
    clockwork = new FakeClockwork();
    server = aServer();
    presence = new SharedPresence({ realtime: server.realtime.port, tabs: new Alone(clockwork), clockwork });
  });

  it('asks for all of one moment at once, 500 at a time, and once for each', async () => {
    for (const userId of [...ids(700), ...ids(700)]) presence.of(userId).subscribe(nothing);
    await clockwork.pass(1);
    expect(server.sizes()).toEqual([500, 200]);
    expect(presence.of('u600').value).toEqual({ userId: 'u600', online: true });
  });

  it('watches as long as somebody looks, and a moment longer', async () => {
    const stops = [presence.of('u1').subscribe(nothing), presence.of('u1').subscribe(nothing)];
    await clockwork.pass(1);
    stops[0]?.();
    stops[0]?.();
    await clockwork.pass(10_000);
    expect(server.watched.size).toBe(1);
    stops[1]?.();
    await clockwork.pass(1000);
    const again = presence.of('u1').subscribe(nothing);
    await clockwork.pass(10_000);
    expect(server.realtime.asked).toHaveLength(1);
    again();
    await clockwork.pass(3000);
    expect(server.watched.size).toBe(0);
    expect(clockwork.waiting).toBe(0);
  });

  it('says of nobody that they are online when it has long had no connection', async () => {
    presence.of('u1').subscribe(nothing);
    await clockwork.pass(1);
    server.realtime.connection.set(undefined);
    await clockwork.pass(4000);
    expect(presence.of('u1').value).toEqual({ userId: 'u1', online: true });
    await clockwork.pass(2000);
    expect(presence.of('u1').value).toBeUndefined();
    server.realtime.connection.set(2);
    await clockwork.pass(1);
    expect(presence.of('u1').value).toEqual({ userId: 'u1', online: true });
  });

  it('asks anew on each connection', async () => {
    presence.of('u1').subscribe(nothing);
    await clockwork.pass(1);
    server.realtime.connection.set(undefined);
    server.realtime.connection.set(2);
    await clockwork.pass(1);
    expect(server.sizes()).toEqual([1, 1]);
  });

  it('tries again when it was refused', async () => {
    const { answer } = server.realtime;
    server.realtime.answer = () => Promise.reject(errorMaker('en')('client.timeout'));
    presence.of('u1').subscribe(nothing);
    await clockwork.pass(1);
    server.realtime.answer = answer;
    await clockwork.pass(5000);
    expect(server.watched.size).toBe(1);
  });

  it('joins what all tabs look at on the leading one, also after it is gone', async () => {
    const browser = new FakeBrowser();
    const all = [0, 1, 2].map((number) => {
      const tabs = new ElectedTabs(browser.tab(number), 'parley', errorMaker('en'));
      return {
        tabs,
        presence: new SharedPresence({ realtime: server.realtime.port, tabs, clockwork: browser.clockwork }),
      };
    });
    await settled();
    const seen = all.map((tab, number) => {
      const one = tab.presence.of(`u${number}`);
      one.subscribe(nothing);
      return one;
    });
    await browser.clockwork.pass(1);
    expect([...server.watched].sort()).toEqual(['u0', 'u1', 'u2']);
    expect(seen.every(({ value }) => value?.online === true)).toBe(true);
    all[2]?.tabs.close();
    await browser.clockwork.pass(1);
    expect([...server.watched].sort()).toEqual(['u0', 'u1']);
    server.watched.clear();
    all[0]?.presence.close();
    all[0]?.tabs.close();
    await browser.clockwork.pass(1);
    expect([...server.watched]).toEqual(['u1']);
  });
});
