import { BodyRooms } from './body-rooms.ts';

/** Bytes of answers that a worker keeps while they come in, all users together: an endless answer to each of a thousand must not fill its memory. */
export class BodyBudget {
  /** Where they are kept. */
  readonly rooms = new BodyRooms();
  readonly bytesMax: number;
  #bytesLeft: number;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
    this.#bytesLeft = bytesMax;
  }

  /** @returns whether there was room; counted they are in any case */
  take(bytes: number): boolean {
    this.#bytesLeft -= bytes;
    return this.#bytesLeft >= 0;
  }

  giveBack(bytes: number): void {
    this.#bytesLeft += bytes;
  }
}
