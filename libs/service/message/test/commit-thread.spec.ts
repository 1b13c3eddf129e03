import { describe, expect, it, vi } from 'vitest';
import { CommitThread } from '../src/index.js';

describe('a writer thread that has died', () => {
  it('tells so once, refuses commits, and does not hold up the end of the process', async () => {
    const deaths: Error[] = [];
    const windows = { editMs: 1, recallMs: 1 };
    const thread = new CommitThread('/no/such/folder/message.db', windows, (error) => deaths.push(error));
    await expect(thread.commit([], [], 1)).rejects.toThrow();
    await vi.waitFor(() => expect(deaths).toHaveLength(1));
    await expect(thread.commit([], [], 1)).rejects.toBe(deaths[0]);
    await thread.close();
    expect(deaths).toHaveLength(1);
  });
});
