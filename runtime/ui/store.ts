import { useEffect, useState } from 'preact/hooks';

/** A value that views watch. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** @returns a function that ends the watching */
  watch(onChange: () => void): () => void;
}

export function storeOf<T>(first: T): Store<T> {
  let value = first;
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const onChange of watchers) onChange();
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
}

/** The store's value; the view is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useState({});
  useEffect(() => store.watch(() => redraw({})), [store]);
  return store.get();
}

/** A store whose value this browser remembers; what cannot be kept (private windows) is only forgotten. */
export function keptStoreOf<T>(key: string, first: T): Store<T> {
  const store = storeOf(keptValue(key, first));
  store.watch(() => {
    try {
      localStorage.setItem(key, JSON.stringify(store.get()));
    } catch {
      // no room, or not allowed
    }
  });
  return store;
}

function keptValue<T>(key: string, first: T): T {
  try {
    const text = localStorage.getItem(key);
    return text === null ? first : (JSON.parse(text) as T);
  } catch {
    return first;
  }
}
