import { ErrorBook } from '../core/error-book.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import type { GeneratorSecond, StartCounts } from '../core/records.ts';
import type { LiveThreshold } from '../core/run-json.ts';
import type { LiveState, SecondPoint, WorkerRow } from '../views/api.ts';
import { LiveBeside } from './live-beside.ts';
import { LiveRows } from './live-rows.ts';
import { PointMaker, type SecondFacts } from './point-maker.ts';

/** A second of a live run: its facts, and how the run stands. */
export interface LiveSecond extends Omit<SecondFacts, 'droppedSoFar' | 'generator'> {
  readonly thresholds: readonly LiveThreshold[];
  readonly generator: readonly (GeneratorSecond & { worker: number; agent?: string; users?: number })[];
  readonly starts: StartCounts;
  readonly load: LiveState['load'];
  readonly remainingUs: number | undefined;
  readonly inFlight: number;
}

/** Checks shown at most: names may come from a script's data. */
const CHECKS_MAX = 500;

/** What the pages see of a live run: a point for each second, and the tables as they stand. */
export class LiveBoard {
  readonly #points = new PointMaker();
  #rows = new LiveRows();
  #errors = new ErrorBook();
  readonly #beside = new LiveBeside();
  readonly #checks = new Map<string, LiveState['checks'][number]>();
  #second = -1;
  #sinceSecond = 0;

  /** Requests, failures and checks are counted anew. */
  reset(): void {
    [this.#rows, this.#errors] = [new LiveRows(), new ErrorBook()];
    this.#checks.clear();
    this.#beside.reset();
    this.#sinceSecond = this.#second + 1;
  }

  take(second: LiveSecond): { point: SecondPoint; live: LiveState } {
    const named = this.#points.named(second.deltas);
    this.#second = second.second;
    const point = this.#points.point({ ...second, droppedSoFar: second.starts.dropped }, named);
    this.#rows.take(named);
    this.#beside.take(named);
    this.#errors.merge(second.errors);
    for (const { series, delta } of named)
      if (delta.type === 'rate' && series.metric === 'checks' && JUDGED_PERIODS.includes(series.period)) this.#addCheck(series.tags, delta);
    return {
      point,
      live: {
        rows: this.#rows.rows(),
        ...this.#beside.rows(),
        thresholds: [...second.thresholds],
        checks: [...this.#checks.values()],
        errors: this.#errors.rows(),
        workers: workersOf(second),
        starts: second.starts,
        load: second.load,
        remainingS: second.remainingUs === undefined ? null : second.remainingUs / 1_000_000,
        inFlight: second.inFlight,
        sinceSecond: this.#sinceSecond,
      },
    };
  }

  #addCheck(tags: Readonly<Record<string, string>>, { count, passes }: { count: number; passes: number }): void {
    const { check: name = '(other checks)', task = '' } = tags;
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
