import { type ComputedRef, computed, type MaybeRefOrGetter, shallowRef, toValue, watch } from 'vue';
import type { Observable } from '../observable.js';

/**
 * The value of an observable as a ref. The source may be a getter or a ref: when another observable comes out of it, that one is followed.
 * Stops with the component (or effect scope) that called it.
 */
export function useObservable<T>(source: Observable<T> | (() => Observable<T>)): ComputedRef<T>;
export function useObservable<T>(source: MaybeRefOrGetter<Observable<T> | undefined>): ComputedRef<T | undefined>;
export function useObservable<T>(source: MaybeRefOrGetter<Observable<T> | undefined>): ComputedRef<T | undefined> {
  const observable = computed(() => toValue(source));
  const changes = shallowRef(0);
  watch(
    observable,
    (current, _before, onCleanup) => {
      if (current === undefined) return;
      onCleanup(current.subscribe(() => (changes.value += 1)));
      // Subscribing may itself have begun to fill it.
      changes.value += 1;
    },
    { immediate: true, flush: 'sync' },
  );
  return computed(() => {
    void changes.value;
    return observable.value?.value;
  });
}
