import { ErrorBook } from '../core/error-book.ts';
import type { GeneratorSecond } from '../core/records.ts';
import type { LiveThreshold } from '../core/run-json.ts';
import type { RunSeries } from '../core/run-series.ts';
import { LiveTable } from '../record/live-table.ts';
import type { CheckSecond, Second } from '../record/second.ts';
import { SecondSeries } from '../record/second-series.ts';
import type { LiveState, WorkerRow } from '../views/api.ts';
import { LiveBeside } from './live-beside.ts';
import { liveRowsOf } from './live-rows.ts';

/** A second of a live run, and how the run stands. */
export interface LiveSecond extends Second {
  readonly thresholds: readonly LiveThreshold[];
  readonly generator: readonly (GeneratorSecond & { worker: number; agent?: string; users?: number })[];
  readonly load: LiveState['load'];
  readonly remainingUs: number | undefined;
  readonly inFlight: number;
}

/** Checks shown at most: names may come from a script's data. */
const CHECKS_MAX = 500;

/** What the pages see of a live run: a point of the series for each second, and the tables as they stand. */
export class LiveBoard {
  #table = new LiveTable();
  #errors = new ErrorBook();
  readonly #beside = new LiveBeside();
  readonly #checks = new Map<string, LiveState['checks'][number]>();
  readonly #seconds = new SecondSeries();
  #second = -1;
  #sinceSecond = 0;
  #measuredS = 0;
  /** Of the measured time, what was over when somebody reset the tables. */
  #sinceS = 0;

  /** Requests, failures and checks are counted anew. */
  reset(): void {
    [this.#table, this.#errors] = [new LiveTable(), new ErrorBook()];
    this.#checks.clear();
    this.#beside.reset();
    this.#sinceSecond = this.#second + 1;
    this.#sinceS = this.#measuredS;
  }

  take(second: LiveSecond): { series: RunSeries; live: LiveState } {
    this.#second = second.second;
    this.#measuredS = second.measuredS;
    const countedS = Math.max(0, second.measuredS - this.#sinceS);
    this.#table.take(second);
    this.#beside.take(second);
    this.#errors.merge(second.errors);
    for (const check of second.checks) if (check.part === 'judged') this.#addCheck(check);
    return {
      series: this.#seconds.of(second),
      live: {
        rows: liveRowsOf(this.#table),
        ...this.#beside.rows(countedS),
        thresholds: [...second.thresholds],
        checks: [...this.#checks.values()],
        errors: this.#errors.rows(),
        workers: workersOf(second),
        starts: second.starts,
        load: second.load,
        remainingS: second.remainingUs === undefined ? null : second.remainingUs / 1_000_000,
        inFlight: second.inFlight,
        sinceSecond: this.#sinceSecond,
        countedS,
      },
    };
  }

  #addCheck({ check: name = '(other checks)', task, count, passes }: CheckSecond): void {
    const key = JSON.stringify([task, name]);
    const known = this.#checks.get(key);
    if (known === undefined && this.#checks.size >= CHECKS_MAX) return;
    const { passes: before, fails } = known ?? { passes: 0, fails: 0 };
    this.#checks.set(key, { name, task, passes: before + passes, fails: fails + count - passes });
  }
}

function workersOf({ generator, users }: LiveSecond): WorkerRow[] {
  return generator.map((row) => {
    const own = row.users ?? Math.round(users / generator.length);
    return {
      worker: row.worker,
      ...(row.agent === undefined ? {} : { agent: row.agent }),
      users: own,
      cpu: row.cpu,
      rssBytes: row.rssBytes,
      lagMs: row.loopLagP99Us / 1000,
      share: users === 0 ? 1 / generator.length : own / users,
    };
  });
}
