import { describe, expect, it } from 'vitest';
import { createApp, effectScope, ref, watch } from 'vue';
import { type Observable, State } from '../observable.js';
import type { ParleyClient } from '../types.js';
import { provideParley, useMessages, useObservable, useParley, useTyping } from './index.js';

/** Counts who listens. */
class Watched<T> extends State<T> {
  watchers = 0;
  override subscribe(listener: (value: T) => void): () => void {
    this.watchers += 1;
    const stop = super.subscribe(listener);
    return () => {
      this.watchers -= 1;
      stop();
    };
  }
}

/** Runs composables as a component of an application would. */
function inApp<T>(client: unknown, setup: () => T): { result: T; unmount: () => void } {
  const app = createApp({ render: () => null });
  provideParley(app, client as ParleyClient);
  const scope = effectScope();
  const result = scope.run(() => app.runWithContext(setup)) as T;
  return { result, unmount: () => scope.stop() };
}

describe('useObservable', () => {
  it('follows the value, and stops with its scope', () => {
    const source = new Watched(1);
    const { result, unmount } = inApp({}, () => useObservable(source));
    const seen: number[] = [];
    const stop = watch(result, (value) => seen.push(value), { flush: 'sync' });
    source.set(2);
    expect([result.value, seen]).toEqual([2, [2]]);
    stop();
    unmount();
    expect(source.watchers).toBe(0);
  });

  it('goes over to another observable at once', () => {
    const sources: Record<string, Watched<string>> = { a: new Watched('of a'), b: new Watched('of b') };
    const id = ref('a');
    const { result } = inApp({}, () => useObservable(() => sources[id.value] as Observable<string>));
    id.value = 'b';
    expect(result.value).toBe('of b');
    expect([sources['a']?.watchers, sources['b']?.watchers]).toEqual([0, 1]);
    sources['b']?.set('new');
    expect(result.value).toBe('new');
  });

  it('is undefined where there is none', () => {
    const { result } = inApp({}, () => useObservable<number>(() => undefined));
    expect(result.value).toBeUndefined();
  });
});

describe('composables', () => {
  it('say who forgot to provide the client', () => {
    expect(() => createApp({ render: () => null }).runWithContext(useParley)).toThrow('provideParley');
  });

  it('let go of the window that was on the screen, and of the last one at the end', () => {
    const log: string[] = [];
    const windows = new Map<string, unknown>();
    const messages = (id: string) => {
      const made =
        windows.get(id) ?? Object.assign(new Watched({ items: [id] }), { release: () => log.push(`release ${id}`) });
      windows.set(id, made);
      return made;
    };
    const id = ref('a');
    const { result, unmount } = inApp({ messages }, () => useMessages(id));
    id.value = 'b';
    expect(result.state.value.items).toEqual(['b']);
    unmount();
    expect(log).toEqual(['release a', 'release b']);
  });

  it('stop typing where one goes away', () => {
    const said: string[] = [];
    const client = {
      typing: () => new State([]),
      setTyping: (id: string, state: string) => said.push(`${id} ${state}`),
    };
    const id = ref('a');
    const { result, unmount } = inApp(client, () => useTyping(id));
    result.setTyping('typing');
    id.value = 'b';
    unmount();
    expect(said).toEqual(['a typing', 'a stopped', 'b stopped']);
  });
});
