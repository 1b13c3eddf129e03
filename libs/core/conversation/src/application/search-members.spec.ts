import { describe, expect, it } from 'vitest';
import { ann, desk as makeDesk, user } from '../testing/desk.js';

describe('the search of members in a conversation of thousands', () => {
  it('looks through the people of that name page by page, and no further than five pages', async () => {
    const desk = makeDesk();
    const crowd = Array.from({ length: 2500 }, (_, i) => user(`m${String(i).padStart(4, '0')}`));
    const id = await desk.group(crowd);
    const strangers = Array.from({ length: 450 }, (_, i) => user(`a${String(i).padStart(4, '0')}`));
    for (const each of [...strangers, ...crowd.slice(0, 80)]) desk.users.names.set(each, `lee ${each}`);
    for (let i = 0; i < 600; i += 1) desk.users.names.set(user(`b${i}`), 'kim');
    desk.users.names.set(crowd[99] as never, 'kim');
    const found = await desk.searchMembers.execute(ann, id, 'lee', 20);
    expect(found.map(({ userId }) => userId)).toEqual(crowd.slice(0, 20));
    desk.users.calls = 0;
    expect(await desk.searchMembers.execute(ann, id, 'kim', 20)).toEqual([]);
    expect(desk.users.calls).toBe(5);
  });

  it('asks about the members themselves where they are few enough', async () => {
    const desk = makeDesk();
    const crowd = Array.from({ length: 1500 }, (_, i) => user(`m${String(i).padStart(4, '0')}`));
    const id = await desk.group(crowd);
    for (const each of crowd) desk.users.names.set(each, 'somebody');
    for (let i = 0; i < 900; i += 1) desk.users.names.set(user(`a${i}`), 'kim');
    desk.users.names.set(crowd[1400] as never, 'kim');
    const found = await desk.searchMembers.execute(ann, id, 'kim', 20);
    expect(found.map(({ userId }) => userId)).toEqual([crowd[1400]]);
    expect(desk.users.calls).toBe(2);
  });
});
