import type { RunJson } from '../core/run-json.ts';
import type { RunSeries } from '../core/run-series.ts';
import { SeriesHistory } from '../record/series-history.ts';
import type { Edit, LiveEvent, LiveState, LogLine, PlanView, RunEntry, RunState, RunView } from '../views/api.ts';

/** Seconds that can be sent again to whoever lost the connection. */
const SECONDS_KEPT = 7_200;
/** More than those at most, so that not every second moves them all. */
const SECONDS_SPARE = 600;
const LOGS_KEPT = 1_000;
const LOG_TEXT_MAX = 2_000;
/** Lines a second that are worth reading; more are counted. */
const LOGS_PER_SECOND_MAX = 100;
const EDITS_KEPT = 1_000;

/** An event with its number, as it is sent. */
export interface NumberedEvent {
  readonly number: number;
  readonly event: LiveEvent;
}

/** What is said of a run when it begins. */
export interface RunBeginning {
  readonly id: string;
  readonly entry: RunEntry;
  readonly plan: PlanView;
}

/**
 * Everything that happened in a run so far, numbered from 1, in bounded memory. Whoever has seen event N gets all after it, each once. A second
 * that is sent again carries the tables as they stand now: they only grow.
 */
export class RunLog {
  readonly id: string;
  readonly #plan: PlanView;
  readonly #listeners = new Set<() => void>();
  readonly #history = new SeriesHistory();
  readonly #edits: { number: number; edit: Edit }[] = [];
  readonly #states: { number: number; state: RunState; detail: string }[] = [];
  /** As text: the columns of one point as objects are three times as large. */
  #seconds: { number: number; series: string }[] = [];
  #logs: { number: number; line: LogLine }[] = [];
  #logsThisSecond = 0;
  #lastNumber = 0;
  /** Seconds up to this number are no longer there to be sent again. */
  #forgotten = 0;
  #live: LiveState | null = null;
  #ended: { number: number; result: RunJson } | undefined;
  #entry: RunEntry;

  constructor({ id, entry, plan }: RunBeginning) {
    this.id = id;
    this.#entry = entry;
    this.#plan = plan;
  }

  get state(): RunState {
    return this.#entry.state;
  }

  get entry(): RunEntry {
    return this.#entry;
  }

  get result(): RunJson | undefined {
    return this.#ended?.result;
  }

  get lastEvent(): number {
    return this.#lastNumber;
  }

  get live(): LiveState | null {
    return this.#live;
  }

  /** @param entry - of the whole run so far; absent: as it was */
  push(event: LiveEvent, entry?: Partial<RunEntry>): void {
    if (entry !== undefined) this.#entry = { ...this.#entry, ...entry };
    if (!this.#keep(event)) return;
    for (const listener of this.#listeners) listener();
  }

  /** Events above a number, in order; `gone` when some of them are no longer known. */
  after(number: number): NumberedEvent[] | 'gone' {
    if (number < this.#forgotten) return 'gone';
    const live = this.#live;
    const events: NumberedEvent[] = [
      ...this.#states.map(({ number, state, detail }) => ({ number, event: { type: 'state' as const, state, detail } })),
      ...this.#edits.map(({ number, edit }) => ({ number, event: { type: 'edit' as const, edit } })),
      ...tailOf(this.#logs, number).map(({ number, line }) => ({ number, event: { type: 'log' as const, line } })),
      ...(live === null
        ? []
        : tailOf(this.#seconds, number).map(({ number, series }) => ({
            number,
            event: { type: 'second' as const, series: JSON.parse(series) as RunSeries, live },
          }))),
      ...(this.#ended === undefined ? [] : [{ number: this.#ended.number, event: { type: 'ended' as const, result: this.#ended.result } }]),
    ];
    return events.filter((event) => event.number > number).sort((a, b) => a.number - b.number);
  }

  /** Called whenever there is something new. @returns a function that ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param files - names that may be downloaded by now */
  view(files: readonly string[]): RunView {
    return {
      id: this.id,
      state: this.#entry.state,
      entry: this.#entry,
      plan: this.#plan,
      series: this.#history.data(),
      edits: this.#edits.map(({ edit }) => edit),
      logs: this.#logs.map(({ line }) => line),
      live: this.#live,
      result: this.#ended?.result ?? null,
      files: [...files],
      lastEvent: this.#lastNumber,
    };
  }

  /** @returns false when it was not worth a number */
  #keep(event: LiveEvent): boolean {
    switch (event.type) {
      case 'second':
        this.#logsThisSecond = 0;
        this.#live = event.live;
        this.#history.add(event.series);
        this.#seconds.push({ number: ++this.#lastNumber, series: JSON.stringify(event.series) });
        if (this.#seconds.length >= SECONDS_KEPT + SECONDS_SPARE) this.#forget();
        return true;
      case 'log':
        return this.#keepLog(event.line);
      case 'edit':
        this.#edits.push({ number: ++this.#lastNumber, edit: event.edit });
        if (this.#edits.length > EDITS_KEPT) this.#edits.shift();
        return true;
      case 'state':
        this.#states.push({ number: ++this.#lastNumber, state: event.state, detail: event.detail });
        if (this.#states.length > EDITS_KEPT) this.#states.shift();
        this.#entry = { ...this.#entry, state: event.state };
        return true;
      case 'ended':
        this.#entry = { ...this.#entry, state: 'ended' };
        this.#ended = { number: ++this.#lastNumber, result: event.result };
        return true;
    }
  }

  #keepLog(line: LogLine): boolean {
    if (++this.#logsThisSecond > LOGS_PER_SECOND_MAX) return false;
    const text =
      this.#logsThisSecond === LOGS_PER_SECOND_MAX
        ? 'more lines than can be read: the rest of this second is left out here'
        : line.text.slice(0, LOG_TEXT_MAX);
    this.#logs.push({ number: ++this.#lastNumber, line: { ...line, text } });
    if (this.#logs.length > 2 * LOGS_KEPT) this.#logs = this.#logs.slice(-LOGS_KEPT);
    return true;
  }

  #forget(): void {
    this.#forgotten = this.#seconds.at(-SECONDS_KEPT - 1)?.number ?? 0;
    this.#seconds = this.#seconds.slice(-SECONDS_KEPT);
  }
}

/** Of a list in ascending order, what is above a number: found from its end, where it usually is. */
function tailOf<Item extends { number: number }>(list: readonly Item[], number: number): Item[] {
  let from = list.length;
  while (from > 0 && (list[from - 1] as Item).number > number) from--;
  return list.slice(from);
}
