import { setTimeout as pause } from 'node:timers/promises';

/** The value, or undefined when it is not there in time. */
export async function within<T>(value: Promise<T>, ms: number): Promise<T | undefined> {
  const patience = new AbortController();
  try {
    return await Promise.race([value, pause(ms, undefined, { signal: patience.signal }).catch(() => undefined)]);
  } finally {
    patience.abort();
  }
}
