import { memoryStorage, type ParleyClient, type Storage, type TimelineItem } from '@parley/client';
import { createClient } from '@parley/client';
import type { ServerUnderTest } from '../../support/server-under-test.js';
import { Way } from './way.js';

/** Numbers that a seed decides: a failed run can be had again. https://en.wikipedia.org/wiki/Xorshift */
export function chance(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A device: one storage and one way to the server, some tabs. */
export class ChaoticDevice {
  readonly storage: Storage = memoryStorage();
  readonly tabs: ParleyClient[] = [];
  private readonly namespace = `chaos-${Math.random()}`;

  private constructor(readonly way: Way) {}

  static async on(server: ServerUnderTest): Promise<ChaoticDevice> {
    return new ChaoticDevice(await Way.to(Number(new URL(server.url).port)));
  }

  openTab(): ParleyClient {
    const { storage, namespace } = this;
    const tab = createClient({ url: this.way.url, storage, namespace, tabs: 'shared' });
    this.tabs.push(tab);
    return tab;
  }

  /** The page is loaded anew: another client on the same storage. */
  async reload(at: number): Promise<ParleyClient> {
    const { storage, namespace } = this;
    await this.tabs[at]?.close();
    const tab = createClient({ url: this.way.url, storage, namespace, tabs: 'shared' });
    this.tabs[at] = tab;
    return tab;
  }

  async close(): Promise<void> {
    for (const tab of this.tabs) await tab.close();
    await this.way.close();
  }
}

/** All that a window has, after everything older was asked for. */
export async function everythingIn(tab: ParleyClient, conversationId: string): Promise<readonly TimelineItem[]> {
  const window = tab.messages(conversationId);
  await window.open();
  while (window.value.hasOlder && window.value.error === undefined) await window.loadOlder();
  return window.value.items;
}

/** What a person would compare: who said what, where, and what became of it. */
export const comparable = (items: readonly TimelineItem[]) =>
  items.map((item) =>
    item.kind === 'message'
      ? `${item.message.seq} ${item.message.senderId} ${item.message.recalledAt === undefined ? item.message.content?.['text'] : 'recalled'}`
      : `${item.notice.seq} ${item.notice.type}`,
  );
