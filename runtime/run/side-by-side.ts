/** Of what goes on beside something else: an error before somebody waits for it is no unhandled one. */
export function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** What `work` gives or throws, as a value: for errors that are told later. */
export function attempt<T>(work: () => T): { isOk: true; value: T } | { isOk: false; error: unknown } {
  try {
    return { isOk: true, value: work() };
  } catch (error) {
    return { isOk: false, error };
  }
}
