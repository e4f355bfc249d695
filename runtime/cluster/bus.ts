import type { ClusterError, ScriptError } from '../core/errors.ts';
import type { FromWorker, Sent, SharedPlace } from '../messages/messages.ts';

/**
 * What reaches the workers of a run, wherever they are. It keeps the order of what is said to one worker and of what one worker says; what is said to one that is
 * gone is dropped. It believes nothing: what it passes on has been through `readFromWorker`, and a worker that says anything else is lost for it. Whether a worker is stuck, too large or dead is for the bus to find, which alone knows where it runs. What each must do is
 * test/unit/cluster/bus-conformance.ts.
 */
export interface Bus {
  /** Numbers of those that are there. */
  readonly workers: number[];
  /**
   * Starts one more; it says `ready` when it is.
   * @param called - what it is called in words, from 0: takes the place of that one
   * @returns its number, from 0 on, which none had before
   */
  add(called?: number): number;
  /** Whether one may take the place of what is called so, were that lost now: not while what was lost may still send load. */
  canReplace(called: number): boolean;
  /** The monotonic clock where a worker runs, as far as it is known: by how much it is ahead of this process's, and how far off that may be, µs. */
  clockOf(worker: number): { readonly aheadUs: number; readonly errorUs: number };
  send(worker: number, message: Sent): void;
  broadcast(message: Sent): void;
  /** Puts bytes where all its workers can read them, so that none needs a copy. @returns undefined when there is no such place: they are sent to each then */
  share(bytes: Buffer): SharedPlace | undefined;
  /** Ends one at once; nothing is heard of it any more. */
  end(worker: number): void;
  /** Ends all workers at once; nothing is heard of them any more. */
  close(): void;
}

/** Makes the bus of a run. */
export type OpenBus = (listener: BusListener) => Bus;

/** Who hears of the workers. */
export interface BusListener {
  /**
   * @param sequence - its number among the worker's messages, as the worker gave it: whoever hears finds out whether the bus kept all of them and their order
   * @throws {ClusterError} when it is none of what it should be: that ends the worker, which is lost for that reason
   */
  onMessage(worker: number, message: FromWorker, sequence: number): void;
  /** A worker is gone; `error` says why. Once for each, and not after `close`. */
  onLost(worker: number, error: ScriptError | ClusterError): void;
}
