import { type App, inject, type InjectionKey, provide } from 'vue';
import type { ParleyClient } from '../types.js';

const KEY: InjectionKey<ParleyClient> = Symbol('parley');

/** Once, for the whole application: `provideParley(app, client)`; or for the components below the one that calls it: `provideParley(client)`. */
export function provideParley(app: App, client: ParleyClient): void;
export function provideParley(client: ParleyClient): void;
export function provideParley(...given: [App, ParleyClient] | [ParleyClient]): void {
  if (given.length === 2) given[0].provide(KEY, given[1]);
  else provide(KEY, given[0]);
}

export function useParley(): ParleyClient {
  const client = inject(KEY, undefined);
  if (client === undefined) throw new Error('useParley: nobody has called provideParley above this component');
  return client;
}
