import { readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { monotonicUs } from '../core/clock.ts';
import type { Naps } from '../core/exact-clock.ts';
import type { LoopSource } from '../measure/own-time.ts';
import { WORKER_SCHED_FD } from '../messages/worker-fds.ts';

const SPACE = 32;
const [DIGIT_0, DIGIT_9] = [48, 57];

/** The event loop of this process, as libuv and, on Linux, the scheduler tell of it. What it slept between two looks at its events it has waited for them. */
export function loopSource(naps: Naps): LoopSource {
  const { nodeTiming } = performance;
  return {
    nowUs: monotonicUs,
    idleUs: () => Math.round(nodeTiming.idleTime * 1000) + naps.totalUs,
    ranUs: schedReader(WORKER_SCHED_FD, 0),
    queuedUs: schedReader(WORKER_SCHED_FD, 1),
    eachLap(callback) {
      // not kept alive by it, the loop may sleep; a lap ends when it has done so and its events are through
      const arm = (): void => void setImmediate(lap).unref();
      const lap = (): void => {
        callback();
        arm();
      };
      arm();
    },
  };
}

/**
 * Reads a number of the main thread from an open `/proc/<pid>/schedstat`: `<ns on a processor> <ns waited for one> <times>`. A worker may open
 * no files; the shell that starts it does.
 * @see https://docs.kernel.org/scheduler/sched-stats.html
 */
function schedReader(fd: number, place: 0 | 1): () => number | undefined {
  const bytes = Buffer.alloc(96);
  let isThere = true;
  return () => {
    if (!isThere) return undefined;
    try {
      const length = readSync(fd, bytes, 0, bytes.length, 0);
      const us = numberAt(bytes.subarray(0, length), place);
      isThere = us !== undefined;
      return us;
    } catch {
      isThere = false; // no such descriptor, or none that can be read at a place
      return undefined;
    }
  };
}

/** ns → µs. @returns undefined when these are no three numbers */
function numberAt(bytes: Buffer, place: 0 | 1): number | undefined {
  let [at, ns] = [place === 0 ? 0 : bytes.indexOf(SPACE) + 1, 0];
  if (bytes.indexOf(SPACE) < 1) return undefined;
  for (; at < bytes.length && bytes[at] !== SPACE; at++) {
    const byte = bytes[at] as number;
    if (byte < DIGIT_0 || byte > DIGIT_9) return undefined;
    ns = ns * 10 + byte - DIGIT_0;
  }
  return at < bytes.length ? ns / 1000 : undefined;
}
