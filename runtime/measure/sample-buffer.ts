import { monotonicUs } from '../core/clock.ts';
import { type NumberedSeries, SAMPLE_NUMBERS, type SampleBatch } from '../core/samples.ts';

/** Small enough that whoever writes them out never holds the coordinator for long. */
const BATCH_SAMPLES = 4_096;
/** Of one worker, about 80,000 requests a second with all their metrics: what comes past it in a second is dropped and counted. */
const SAMPLES_PER_SECOND_MAX = 1_000_000;

/** What a worker recorded, sample by sample, on its way to the coordinator. Only there when somebody asked for raw samples. */
export class SampleBuffer {
  readonly #send: (batch: SampleBatch) => void;
  readonly #samplesMax: number;
  readonly #unixUs = Date.now() * 1_000 - monotonicUs();
  readonly #introduced = new Set<number>();
  #series: NumberedSeries[] = [];
  #numbers = new Float64Array(BATCH_SAMPLES * SAMPLE_NUMBERS);
  #length = 0;
  #left: number;
  #dropped = 0;

  constructor(send: (batch: SampleBatch) => void, samplesPerSecondMax = SAMPLES_PER_SECOND_MAX) {
    this.#send = send;
    this.#samplesMax = samplesPerSecondMax;
    this.#left = samplesPerSecondMax;
  }

  /** @param times - how often the value came */
  readonly add = (series: NumberedSeries, value: number, times: number): void => {
    const atUs = this.#unixUs + monotonicUs();
    const taken = Math.min(times, this.#left);
    this.#left -= taken;
    this.#dropped += times - taken;
    if (taken > 0 && !this.#introduced.has(series.id)) {
      this.#introduced.add(series.id);
      this.#series.push(series);
    }
    for (let i = 0; i < taken; i++) {
      this.#numbers[this.#length++] = series.id;
      this.#numbers[this.#length++] = value;
      this.#numbers[this.#length++] = atUs;
      if (this.#length === this.#numbers.length) this.#flush();
    }
  };

  /** Once a second: sends what there is, and further samples may come. */
  closeSecond(): void {
    this.#left = this.#samplesMax;
    this.#flush();
  }

  #flush(): void {
    if (this.#length === 0 && this.#dropped === 0) return;
    const bytes = new Uint8Array(this.#numbers.buffer, 0, this.#length * 8);
    this.#send({ series: this.#series, bytes, dropped: this.#dropped });
    // what was sent may still be on its way: it is not written to again
    this.#numbers = new Float64Array(BATCH_SAMPLES * SAMPLE_NUMBERS);
    [this.#series, this.#length, this.#dropped] = [[], 0, 0];
  }
}
