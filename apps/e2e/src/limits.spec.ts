import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import { Api } from './support/api.js';
import { Device, newId } from './support/device.js';
import { type Person, people } from './support/people.js';
import type { Problem } from './support/shapes.js';
import { useStandalone } from './support/use-server.js';

describe('rate limits', () => {
  const server = useStandalone('limits', { PARLEY_RATE_LIMITS: 'on', PARLEY_SOCKETS_PER_USER: '4' });

  it('a user sends 40 at once and then 20 a second, over all sockets and REST together', async () => {
    const [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    const conversationId = await alice.directWith(bob);
    const devices = [await alice.connect(), (await alice.anotherDevice('tablet')).device];
    const message = () => ({ conversationId, clientMsgId: newId(), type: 'text', content: { text: 'quick' } });
    const acks = await Promise.all(
      Array.from({ length: 120 }, (_, n) => devices[n % 2]!.ask('message:send', message())),
    );
    const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.error]));
    expect(acks.length - refused.length).toBeGreaterThanOrEqual(40);
    expect(acks.length - refused.length).toBeLessThanOrEqual(70);
    for (const error of refused) expect(error).toMatchObject({ code: 'limit.rate', retryable: true });
    const { conversationId: _, ...body } = message();
    const overRest = await alice.api.call<Problem>('POST', `/conversations/${conversationId}/messages`, { body });
    expect(overRest).toMatchObject({ status: 429, body: { code: 'limit.rate' } });
    expect(Number(overRest.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    // Bob is not Alice.
    await (await bob.connect()).sendText(conversationId, 'not limited');
    await sleep(Math.max(...refused.map((error) => error.retryAfterMs ?? 1000)) + 1000);
    await devices[0]!.request('message:send', message());
  });

  it('edits, reactions and pins count like sends: who has to wait does not go on with them', async () => {
    const [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    const conversationId = await alice.directWith(bob);
    const device = await alice.connect();
    const { messageId } = await device.sendText(conversationId, 'watch this');
    const target = { conversationId, messageId };
    const tricks = [
      ['message:react', { ...target, emoji: '👍' }],
      ['message:react', { ...target, emoji: '👍', remove: true }],
      ['message:edit', { ...target, content: { text: 'and this' } }],
      ['message:pin', { ...target, pinned: true }],
      ['message:pin', { ...target, pinned: false }],
    ] as const;
    const acks = await Promise.all(
      Array.from({ length: 120 }, (_, n) => {
        const [event, input] = tricks[n % tricks.length] as (typeof tricks)[number];
        return device.ask(event, input);
      }),
    );
    const refused = acks.flatMap((ack) => (ack.ok ? [] : [ack.error.code]));
    expect(refused.length).toBeGreaterThanOrEqual(50);
    expect(new Set(refused)).toEqual(new Set(['limit.rate']));
    for (const path of ['reactions/%F0%9F%91%8D', 'pin'])
      expect(
        (await alice.api.refusal('PUT', `/conversations/${conversationId}/messages/${messageId}/${path}`)).code,
      ).toBe('limit.rate');
    // What nobody else hears of goes on.
    await device.request('cursor:read', { conversationId, seq: 1 });
  });

  it('one user opens as many sockets as the setting says, and again when one is closed', async () => {
    const [alice, bob] = (await people(server.current, 'alice', 'bob')) as [Person, Person];
    const sockets = [];
    for (let n = 0; n < 4; n++) sockets.push(await alice.connect());
    expect(await Device.refusal(server.current.url, alice.token)).toMatchObject({
      code: 'limit.sockets',
      retryable: true,
    });
    await bob.connect();
    sockets[0]?.close();
    await eventually('a free place', () => alice.connect());
  });

  it('guessing a password is slowed down, whatever the letter case or claimed address', async () => {
    const [victim] = (await people(server.current, 'victim')) as [Person];
    const open = new Api(server.current.url);
    let limited: { status: number; retryAfter: string | null } | undefined;
    for (let n = 0; n < 60 && !limited; n++) {
      const username = n % 2 ? victim.username.toUpperCase() : victim.username;
      const answer = await open.call<Problem>('POST', '/auth/login', {
        body: { username, password: `guess number ${n}` },
        headers: { 'x-forwarded-for': `203.0.113.${n}` },
      });
      if (answer.status === 429) limited = { status: 429, retryAfter: answer.headers.get('retry-after') };
    }
    expect(limited?.status).toBe(429);
    expect(Number(limited?.retryAfter)).toBeGreaterThan(0);
    // The victim's open session goes on.
    await victim.api.get('/users/me');
  });
});
