import type { Histogram } from '../core/histogram.ts';
import type { HeatMapData } from '../core/timeline-data.ts';

const COLUMNS_MAX = 240;
const CLASSES_MAX = 60;
/** Classes that are counted: 24 to a factor of 10, from 10 µs; what is told is as coarse as it must be. */
const PER_DECADE = 24;
const FROM_US = 10;
const FINE_CLASSES = 206;

/** Answers by time and response time; of bounded size whatever the run's length. */
export class HeatMap {
  #columns: Float64Array[] = [];
  #secondsPerColumn = 1;
  #seconds = 0;

  addSecond(answers: Histogram): void {
    if (this.#seconds === COLUMNS_MAX * this.#secondsPerColumn) this.#fold();
    const at = Math.floor(this.#seconds++ / this.#secondsPerColumn);
    let column = this.#columns[at];
    if (column === undefined) {
      column = new Float64Array(FINE_CLASSES);
      this.#columns.push(column);
    }
    const counts = column;
    answers.each(({ low }, count) => {
      const fine = classOf(low);
      counts[fine] = (counts[fine] as number) + count;
    });
  }

  data(): HeatMapData {
    const used = this.#usedRange();
    if (used === undefined) return { secondsPerColumn: this.#secondsPerColumn, fromMs: 0, ratio: 1, counts: [] };
    const [low, high] = used;
    const finePerClass = Math.ceil((high - low + 1) / CLASSES_MAX);
    const classes = Math.ceil((high - low + 1) / finePerClass);
    const counts = this.#columns.map((column) =>
      Array.from({ length: classes }, (_, i) => {
        const begin = low + i * finePerClass;
        return column.slice(begin, begin + finePerClass).reduce((sum, count) => sum + count, 0);
      }),
    );
    const fromMs = (FROM_US * 10 ** (low / PER_DECADE)) / 1000;
    return { secondsPerColumn: this.#secondsPerColumn, fromMs, ratio: 10 ** (finePerClass / PER_DECADE), counts };
  }

  #fold(): void {
    this.#secondsPerColumn *= 2;
    this.#columns = Array.from({ length: Math.ceil(this.#columns.length / 2) }, (_, i) => {
      const [left, right] = [this.#columns[2 * i], this.#columns[2 * i + 1]];
      return Float64Array.from({ length: FINE_CLASSES }, (_unused, fine) => (left?.[fine] ?? 0) + (right?.[fine] ?? 0));
    });
  }

  #usedRange(): [low: number, high: number] | undefined {
    const isUsed = (fine: number): boolean => this.#columns.some((column) => (column[fine] as number) > 0);
    const used = Array.from({ length: FINE_CLASSES }, (_, fine) => fine).filter(isUsed);
    return used[0] === undefined ? undefined : [used[0], used.at(-1) as number];
  }
}

function classOf(us: number): number {
  if (us <= FROM_US) return 0;
  return Math.min(FINE_CLASSES - 1, Math.floor(Math.log10(us / FROM_US) * PER_DECADE + 1e-9));
}
