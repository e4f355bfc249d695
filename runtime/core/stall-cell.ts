import { writeSync } from 'node:fs';

/** What a worker is doing, as written into the cell. */
export const STALL_PHASE = [
  'host',
  'init',
  'iteration',
  'setup',
  'teardown',
  'vuSetup',
  'vuTeardown',
  'check',
  'several',
  'handleSummary',
] as const;
export type StallPhase = (typeof STALL_PHASE)[number];

export interface StallPlace {
  phase: StallPhase;
  /** 0-based; −1 outside of any VU. */
  vu: number;
  iteration: number;
  scenario: number;
}

const BYTES = 16;

/**
 * Sixteen bytes in a file that the coordinator shares: which VU was woken last, or that several were. Written once a turn (1 µs),
 * read by the coordinator after it had to kill a worker that no longer answers and whose memory cannot be read.
 */
export class StallCell {
  readonly #fd: number | undefined;
  readonly #bytes = Buffer.alloc(BYTES);
  #last: StallPlace | undefined;

  /** @param fd - an open file; undefined: nothing is written */
  constructor(fd: number | undefined) {
    this.#fd = fd;
  }

  write(place: StallPlace): void {
    if (this.#fd === undefined || place === this.#last) return; // under load it is `several`, turn after turn
    this.#last = place;
    this.#bytes.writeUInt32LE(STALL_PHASE.indexOf(place.phase), 0);
    this.#bytes.writeInt32LE(place.vu, 4);
    this.#bytes.writeUInt32LE(place.iteration, 8);
    this.#bytes.writeUInt32LE(place.scenario, 12);
    writeSync(this.#fd, this.#bytes, 0, BYTES, 0);
  }
}
