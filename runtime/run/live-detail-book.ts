import { basename } from 'node:path';
import type { RunPlan, ScenarioPlan } from '../core/plan.ts';
import type { GeneratorSecond } from '../core/records.ts';
import { isAfterLoad, isLoad } from '../core/stage.ts';
import { CAUSES, SATURATION } from '../monitor/causes.ts';
import { secondsOf } from '../monitor/seconds-text.ts';
import { LiveTable } from '../record/live-table.ts';
import type { Second } from '../record/second.ts';
import type { GeneratorHealth, LiveDetail, LiveSecond, ScenarioProgress } from '../report/live-detail.ts';
import type { ScenarioLoad } from './load-edits.ts';
import type { RunSecond } from './run-control.ts';

const SECONDS_KEPT = 60;

/** What a live view wants to know, made from the seconds of a run as they come. */
export class LiveDetailBook {
  readonly #plan: RunPlan;
  readonly #baseUrl: string;
  readonly #table = new LiveTable();
  readonly #seconds: LiveSecond[] = [];
  readonly #generator = new GeneratorTally();

  constructor(plan: RunPlan, baseUrl: string) {
    this.#plan = plan;
    this.#baseUrl = baseUrl;
  }

  /** Call with every second, in order. @param loads - as the load was last set, by scenario */
  take(second: RunSecond, loads: readonly ScenarioLoad[]): LiveDetail {
    this.#table.take(second);
    const { ofSecond, recent, recentPerSecond, requestsPerSecond } = second.numbers;
    const { p50Us, p95Us, p99Us } = ofSecond ?? { p50Us: undefined, p95Us: undefined, p99Us: undefined };
    this.#seconds.push({ second: second.second, requests: requestsPerSecond, p50Us, p95Us, p99Us });
    if (this.#seconds.length > SECONDS_KEPT) this.#seconds.shift();
    const { environment, scriptPath, profile, scenarios } = this.#plan;
    return {
      script: basename(scriptPath),
      environment: environment.name,
      baseUrl: this.#baseUrl,
      profile,
      inFlight: second.inFlight,
      late: second.starts.late,
      dropped: second.starts.dropped,
      scenarios: scenarios.map((scenario, i) => progressOf(scenario, second, { load: loads[i], index: i })),
      seconds: [...this.#seconds],
      recent,
      recentPerSecond,
      requests: this.#table.rows.map(({ task, method, name, count, failed, responseTime }) => {
        return { task, method, name, count, failed, p95Us: responseTime.percentile(0.95) };
      }),
      thresholds: second.thresholds,
      generator: this.#generator.take(second.said),
    };
  }
}

/** Counts saturated seconds as the verdict does, each second once. */
class GeneratorTally {
  readonly #last = new Map<number, GeneratorSecond>();
  readonly #saturated = new Set<number>();
  #measured = 0;

  take(said: Second['said']): GeneratorHealth | undefined {
    for (const { worker, ...second } of said) {
      const covered = secondsOf(second); // of a stall more than one
      this.#measured = Math.max(this.#measured, second.second + covered.length);
      if (CAUSES.some((cause) => cause.isIn(second))) for (const each of covered) this.#saturated.add(each);
      this.#last.set(worker, second);
    }
    const last = [...this.#last.values()];
    if (last.length === 0) return undefined;
    return {
      workers: last.length,
      loopLagUsP99: Math.max(...last.map((second) => second.loopLagP99Us)),
      cpu: Math.max(...last.map((second) => second.cpu)),
      saturatedSeconds: this.#saturated.size,
      measuredSeconds: this.#measured,
      isSaturated: this.#measured < SATURATION.secondsMin ? undefined : this.#saturated.size > this.#measured * SATURATION.secondsRatio,
    };
  }
}

/** In a warm-up no scenario has begun: it is not a part of its time. */
function progressOf(
  { name, startTimeUs, length }: ScenarioPlan,
  { stage, elapsedUs, startsByScenario }: RunSecond,
  { load, index }: { load: ScenarioLoad | undefined; index: number },
): ScenarioProgress {
  const sinceUs = isLoad(stage) || isAfterLoad(stage) ? elapsedUs - startTimeUs : -startTimeUs;
  const shared = { name, load: loadText(load), startsInUs: -sinceUs };
  if (length.kind === 'iterations') {
    const begun = Math.min(startsByScenario[index]?.begun ?? 0, length.iterations);
    const iterations = { begun, planned: length.iterations };
    return { ...shared, iterations, doneRatio: length.iterations === 0 ? 1 : begun / length.iterations, remainingUs: undefined };
  }
  const { durationUs } = length;
  const doneRatio = durationUs === 0 ? 1 : Math.min(1, Math.max(0, sinceUs / durationUs));
  return { ...shared, iterations: undefined, doneRatio, remainingUs: Math.max(0, durationUs - Math.max(0, sinceUs)) };
}

function loadText(load: ScenarioLoad | undefined): string {
  if (load === undefined) return '';
  if (load.rate !== null) return `${Number(load.rate.toPrecision(4))}/s`;
  return `${load.users} ${load.users === 1 ? 'user' : 'users'}`;
}
