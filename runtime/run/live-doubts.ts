import type { LiveState } from '../verdict/live-state.ts';
import { type GeneratorDoubts, settleLive } from '../verdict/saturation.ts';
import { type GeneratorMaterial, generatorFactsOf } from './generator-facts.ts';

/** Share by which the seconds must have grown before they are gone through again: what a run of hours costs a second does not grow. */
const GROWN = 0.02;

/** What is open while the run goes on for the same reasons as at its end: one rule, asked as the seconds come. */
export class LiveDoubts {
  #doubts: GeneratorDoubts = { saturated: null };
  #seenS = 0;

  /** @param live - as it stands without them. @param material - of the measured period so far */
  settled(live: LiveState, material: GeneratorMaterial): LiveState {
    if (material.measuredS >= this.#seenS * (1 + GROWN)) {
      this.#seenS = material.measuredS;
      this.#doubts = generatorFactsOf(material).doubts;
    }
    return live.map((threshold) => settleLive(threshold, this.#doubts));
  }
}
