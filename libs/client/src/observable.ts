/** A value that changes. `value` is an immutable snapshot: compare it by identity. The shape fits React's useSyncExternalStore and Vue's customRef as it is. */
export interface Observable<T> {
  readonly value: T;
  /** Calls `listener` after each change, not at once. Answers how to stop. */
  subscribe(listener: (value: T) => void): () => void;
}

/** An observable whose owner sets it. Setting the same value tells nobody. */
export class State<T> implements Observable<T> {
  readonly #listeners = new Set<(value: T) => void>();

  constructor(private current: T) {
    // Vue would wrap it, and the wrapper has no listeners.
    if (new.target === State) Object.preventExtensions(this);
  }

  get value(): T {
    return this.current;
  }

  set(value: T): void {
    if (Object.is(value, this.current)) return;
    this.current = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  update(change: (value: T) => T): void {
    this.set(change(this.current));
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Resolves with the first value that fits, the present one included. */
export function until<T, S extends T>(source: Observable<T>, fits: (value: T) => value is S): Promise<S>;
export function until<T>(source: Observable<T>, fits: (value: T) => boolean): Promise<T>;
export function until<T>(source: Observable<T>, fits: (value: T) => boolean): Promise<T> {
  if (fits(source.value)) return Promise.resolve(source.value);
  return new Promise((resolve) => {
    const stop = source.subscribe((value) => {
      if (!fits(value)) return;
      stop();
      resolve(value);
    });
  });
}
