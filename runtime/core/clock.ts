/**
 * Integer µs on the machine's monotonic clock, the same one in every process of the machine. Zero is some moment before boot.
 * Read itself each time: a difference to another clock, taken once, is off for good by whatever stopped the process between its two reads.
 */
export function monotonicUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000_000 + Math.round(nanoseconds / 1000);
}

/**
 * Zero, for fields that will hold a moment. V8 keeps it as a double: a field that begins as a small whole number and then holds a moment, which is too large for
 * one, changes the shape of its object, and code that has seen four shapes looks properties up the slow way from then on.
 */
export const NO_MOMENT_US = -0;

/** Time as the engine sees it; a fake one drives its tests. */
export interface Clock {
  /** Monotonic µs since the run began; negative before. */
  nowUs(): number;
  /** Calls back at `atUs` or, when that is past, after one event-loop turn, so sockets are not starved. @returns a function that cancels it */
  at(atUs: number, callback: () => void): () => void;
}

/** Longest delay that `setTimeout` keeps: 2^31 − 1 ms. */
const TIMEOUT_MS_MAX = 2_147_483_647;

/** The real clock of a run that begins at `startUs` of {@link monotonicUs}. */
export function runClock(startUs: number): Clock {
  const nowUs = (): number => monotonicUs() - startUs;
  const clock: Clock = {
    nowUs,
    at(atUs, callback) {
      const waitMs = Math.ceil((atUs - nowUs()) / 1000);
      if (waitMs <= 0) {
        const immediate = setImmediate(callback);
        return () => clearImmediate(immediate);
      }
      if (waitMs <= TIMEOUT_MS_MAX) {
        const timer = setTimeout(callback, waitMs);
        return () => clearTimeout(timer);
      }
      // a moment further off than one timer reaches: another one from there on
      let cancel = (): void => clearTimeout(timer);
      const timer = setTimeout(() => {
        cancel = clock.at(atUs, callback);
      }, TIMEOUT_MS_MAX);
      return () => cancel();
    },
  };
  return clock;
}
