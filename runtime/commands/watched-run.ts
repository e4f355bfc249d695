import { basename } from 'node:path';
import { PACKAGE } from '../core/package-files.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunJson } from '../core/run-json.ts';
import { runStateOf } from '../core/stage.ts';
import { loadWords } from '../history/compare-runs.ts';
import { keptRunOf, rowWithoutResult } from '../history/run-list.ts';
import { MetricsPage } from '../outputs/metrics-page.ts';
import type { RunControl, RunEvent, RunSecond } from '../run/run-control.ts';
import { reportPage } from '../run/write-reports.ts';
import type { WatchedRun } from '../server/backend.ts';
import { LiveBoard } from '../server/live-board.ts';
import { planViewOf } from '../server/plan-view.ts';
import { RunLog } from '../server/run-log.ts';
import type { Edit, EditForm, LiveEvent, RunEntry } from '../views/api.ts';

/** How long the result so far is not made again, however often it is asked for. */
const SO_FAR_MS = 2_000;

/** A run as the web UI sees it: its events as they are kept and sent, and its steering. */
export class UiRun implements WatchedRun {
  readonly log: RunLog;
  readonly #control: RunControl;
  readonly #board = new LiveBoard();
  readonly #metrics: MetricsPage;
  /** Names of requests and messages of servers may hold a secret. */
  readonly #redactor: Redactor;
  #soFar: { atMs: number; run: RunJson } | undefined;
  #lastSecond = 0;
  /** Second of the run in which the measured period began. */
  #measuringSecond = 0;

  /** @param script - its path as it is shown */
  constructor(control: RunControl, script: string) {
    this.#control = control;
    const { plan, baseUrl } = control;
    this.#redactor = control.redactor;
    this.#metrics = new MetricsPage({
      runId: plan.runId,
      script: basename(plan.scriptPath),
      environment: plan.environment.name,
      profile: plan.profile ?? '',
      version: PACKAGE.version,
      startedMs: Date.now(),
      redact: (text) => this.#redactor.text(text),
    });
    const entry = rowWithoutResult({
      id: plan.runId,
      state: 'starting',
      script,
      environment: plan.environment.name,
      profile: plan.profile ?? null,
      load: loadWords(plan) ?? '',
      startedMs: Date.now(),
    });
    this.log = new RunLog({ id: plan.runId, entry, plan: this.#redactor.json(planViewOf(plan, baseUrl)) });
    this.#push({ type: 'state', state: 'starting', detail: '' });
    for (const text of control.status().notes) this.#push({ type: 'log', line: { atMs: Date.now(), level: 'info', text } });
    control.onEvent((event) => this.#hear(event));
  }

  metricsText(): string {
    return this.#metrics.text();
  }

  async edit(form: EditForm): Promise<Edit> {
    const { atS, change } = await this.#control.adjust(form);
    return { second: this.#secondOf(atS), change };
  }

  stop(how: 'graceful' | 'now'): void {
    this.#control.stop(how);
  }

  soFar(): RunJson {
    const { result } = this.log;
    if (result !== undefined) return result;
    const nowMs = performance.now();
    if (this.#soFar === undefined || nowMs - this.#soFar.atMs > SO_FAR_MS) this.#soFar = { atMs: nowMs, run: this.#control.soFar() };
    return this.#soFar.run;
  }

  report(): string {
    return reportPage(this.soFar());
  }

  reset(): void {
    if (this.log.state === 'ended') return;
    this.#board.reset();
    const text = 'the statistics on display begin anew; thresholds, reports and files are over the whole run';
    this.#push({ type: 'log', line: { atMs: Date.now(), level: 'info', text } });
  }

  /** It ended without a result: by a fault. */
  broke(reason: string): void {
    if (this.log.state === 'ended') return;
    this.#push({ type: 'log', line: { atMs: Date.now(), level: 'error', text: reason } });
    this.#push({ type: 'state', state: 'ended', detail: reason }, { outcome: 'error' });
  }

  #push(event: LiveEvent, entry?: Partial<RunEntry>): void {
    this.log.push(this.#redactor.json(event), entry);
  }

  #hear(event: RunEvent): void {
    switch (event.type) {
      case 'second':
        return this.#takeSecond(event.second);
      case 'stage':
        if (event.stage === 'measuring') this.#measuringSecond = this.#lastSecond + 1;
        return this.#push({ type: 'state', state: runStateOf(event.stage), detail: event.stage });
      case 'note':
        return this.#push({ type: 'log', line: { atMs: Date.now(), level: 'info', text: event.text } });
      case 'log': {
        const who = event.vu < 0 ? '' : `VU ${event.vu + 1}: `;
        return this.#push({ type: 'log', line: { atMs: Date.now(), level: event.level, text: `${who}${event.text}` } });
      }
      case 'adjusted': {
        const { atS, change } = event.edit;
        return this.#push({ type: 'edit', edit: { second: this.#secondOf(atS), change } }, { isExploratory: true });
      }
      case 'ended':
        return this.#push({ type: 'ended', result: event.result }, entryOfResult(event.result));
    }
  }

  #takeSecond(second: RunSecond): void {
    this.#lastSecond = second.second;
    const { numbers } = second;
    this.#metrics.second(second);
    const { series, live } = this.#board.take({ ...second, load: this.#control.status().loads.map((load) => ({ ...load })) });
    const total = live.rows.at(-1);
    this.#push(
      { type: 'second', series, live },
      {
        durationS: second.elapsedUs / 1_000_000,
        requests: total?.count ?? 0,
        failedRatio: total === undefined || total.count === 0 ? 0 : total.failed / total.count,
        perSecond: numbers.requestsPerSecond,
        p95Ms: total?.p95Ms ?? null,
      },
    );
  }

  #secondOf(atS: number): number {
    return this.#measuringSecond + Math.floor(atS);
  }
}

/** What a result says of the run that was not known before; its path of the script is not the one that is shown. */
function entryOfResult(result: RunJson): Partial<RunEntry> {
  const { id: _, state: __, script: ___, baselines: ____, load: _____, ...rest } = keptRunOf(result);
  return rest;
}
