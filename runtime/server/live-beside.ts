import { Histogram } from '../core/histogram.ts';
import type { GroupRow } from '../core/run-json.ts';
import { GROUPS_MAX } from '../record/breakdown.ts';
import { latencyOf, perSecond } from '../record/request-rows.ts';
import type { GroupSecond, RowSecond, Second } from '../record/second.ts';
import type { LiveState, UncountedLine } from '../views/api.ts';

/** Rows of setup and teardown shown at most: names may come from a script's data. */
const UNCOUNTED_MAX = 100;

interface Group extends Omit<GroupRow, 'durationMs' | 'responseTimeMs' | 'perSecond'> {
  /** Requests of the measured period alone. */
  measured: number;
  readonly duration: Histogram;
  readonly response: Histogram;
}

interface Uncounted extends Omit<UncountedLine, 'responseMs'> {
  readonly response: Histogram;
}

/** What stands beside the rows of requests while a run goes on: the script's groups, and the requests of setup and teardown. */
export class LiveBeside {
  readonly #groups = new Map<string, Group>();
  readonly #uncounted = new Map<string, Uncounted>();

  /** Groups are counted anew; what setup asked is not of the load and stays. */
  reset(): void {
    this.#groups.clear();
  }

  take({ groups, uncounted }: Pick<Second, 'groups' | 'uncounted'>): void {
    for (const group of groups) this.#addGroup(group);
    for (const row of uncounted) if (row.part === 'setup' || row.part === 'teardown') this.#addUncounted(row, row.part);
  }

  /** @param countedS - so long the load was measured in what was taken */
  rows(countedS: number): Pick<LiveState, 'groups' | 'uncounted'> {
    const groups = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
    return {
      groups: groups.map(({ measured, duration, response, ...group }) => ({
        ...group,
        durationMs: latencyOf(duration),
        perSecond: perSecond(measured, countedS),
        responseTimeMs: latencyOf(response),
      })),
      uncounted: [...this.#uncounted.values()].map(({ response, ...row }) => ({ ...row, responseMs: latencyOf(response) })),
    };
  }

  #addGroup({ group: name, requests, failures, measured, checks, checksFailed, durations, expected }: GroupSecond): void {
    const group = this.#groupOf(name);
    if (group === undefined) return;
    group.requests += requests;
    group.failed += failures;
    group.measured += measured;
    group.checks += checks;
    group.checksFailed += checksFailed;
    group.times += durations.count;
    durations.addTo(group.duration);
    expected.addTo(group.response);
  }

  #groupOf(name: string): Group | undefined {
    const known = this.#groups.get(name);
    if (known !== undefined || this.#groups.size >= GROUPS_MAX) return known;
    const counts = { times: 0, requests: 0, failed: 0, checks: 0, checksFailed: 0, measured: 0 };
    const group: Group = { group: name, ...counts, duration: new Histogram('time'), response: new Histogram('time') };
    this.#groups.set(name, group);
    return group;
  }

  #addUncounted({ who, key: rowKey, requests, failures, expected, unexpected }: RowSecond, period: 'setup' | 'teardown'): void {
    const key = `${period} ${rowKey}`;
    const row = this.#uncounted.get(key) ?? { period, ...who, count: 0, failed: 0, response: new Histogram('time') };
    if (!this.#uncounted.has(key) && this.#uncounted.size >= UNCOUNTED_MAX) return;
    this.#uncounted.set(key, row);
    row.count += requests;
    row.failed += failures;
    for (const times of [expected, unexpected]) times.addTo(row.response);
  }
}
