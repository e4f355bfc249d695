import { appendSeries } from '../../core/run-series.ts';
import type { LiveEvent, RunView } from '../../views/api.ts';
import { API, type ApiProblem, ask, asProblem } from '../api-client.ts';
import { type Store, storeOf } from '../store.ts';
import { endedView } from './run-figures.ts';

/** `reconnecting`: events may be late; none is lost, for the stream goes on behind the last one seen. */
export type Connection = 'loading' | 'open' | 'reconnecting' | 'closed';

/** A run as this page knows it. A new object for every change; its series grows in place. */
export interface FeedState {
  readonly view: RunView | null;
  readonly problem: ApiProblem | undefined;
  readonly connection: Connection;
  /** Of the run's state, such as `5 of 10 warm-up requests`. */
  readonly detail: string;
}

/** Lines that are kept of the log. */
const LOG_LINES_MAX = 500;
/** Past these the run is asked for again: the server joins the seconds of a long one. */
const POINTS_MAX = 9_000;
const RETRY_MS = 2_000;
/** Away for longer than this, the whole run is less than all that was missed. */
const AWAY_MS_MAX = 60_000;
const EVENT_NAMES = ['message', 'state', 'second', 'log', 'edit', 'ended'] as const;

/** One run, whole: what was before the page was opened, then its events as they come. */
export class RunFeed {
  readonly state: Store<FeedState> = storeOf<FeedState>({ view: null, problem: undefined, connection: 'loading', detail: '' });
  readonly #id: string;
  #view: RunView | null = null;
  #detail = '';
  #stream: EventSource | undefined;
  #retry: number | undefined;
  #frame: number | undefined;
  #lostAtMs: number | undefined;
  #isClosed = false;

  /** @param id - of a run, or `current` */
  constructor(id: string) {
    this.#id = id;
    void this.#load();
  }

  close(): void {
    this.#isClosed = true;
    this.#stream?.close();
    clearTimeout(this.#retry);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  /** Asks for the whole run again. */
  reload(): void {
    this.#stream?.close();
    void this.#load();
  }

  async #load(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const view = await ask('get /runs/{id}', { id: this.#view?.id ?? this.#id });
      if (this.#isClosed) return;
      this.#view = view;
      const connection = isOver(view) ? 'closed' : 'open';
      this.state.set({ view: { ...view }, problem: undefined, connection, detail: this.#detail });
      if (!isOver(view)) this.#listen();
    } catch (error) {
      // of a run that is over all but its files is here: stressrun may have ended with it
      if (this.#isClosed || (this.#view !== null && isOver(this.#view))) return;
      const problem = asProblem(error);
      const connection = this.#view === null ? 'closed' : 'reconnecting';
      this.state.set({ ...this.state.get(), problem: connection === 'closed' ? problem : undefined, connection });
      if (problem.status <= 0 || problem.status >= 500) this.#loadLater();
      else if (this.#view !== null) this.state.set({ ...this.state.get(), problem, connection: 'closed' });
    }
  }

  #listen(): void {
    const view = this.#view;
    if (view === null) return;
    this.#stream?.close();
    const stream = new EventSource(`${API}/runs/${encodeURIComponent(view.id)}/events?after=${view.lastEvent}`);
    this.#stream = stream;
    for (const name of EVENT_NAMES) stream.addEventListener(name, (event) => this.#take(event as MessageEvent<string>));
    stream.addEventListener('open', () => this.#found());
    stream.addEventListener('error', () => {
      if (this.#isClosed || this.#stream !== stream) return;
      this.#lostAtMs ??= Date.now();
      this.#connected('reconnecting');
      // the browser comes back by itself unless it was told no
      if (stream.readyState === EventSource.CLOSED) this.#loadLater();
    });
  }

  #loadLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#load(), RETRY_MS) as unknown as number;
  }

  #take(event: MessageEvent<string>): void {
    const view = this.#view;
    if (view === null || this.#isClosed) return;
    const number = Number(event.lastEventId);
    if (number > 0 && number <= view.lastEvent) return;
    // the server has forgotten some: only the whole run has them
    if (number > view.lastEvent + 1) return this.reload();
    if (number > 0) view.lastEvent = number;
    const told = JSON.parse(event.data) as LiveEvent;
    if (told.type === 'ended') return this.#end(endedView(view, told.result));
    this.#apply(view, told);
    if (isOver(view)) this.#end(view);
    else if (view.series.endS.length > POINTS_MAX) this.reload();
    else this.#show();
  }

  /** The verdict is shown at once; of the files that are there now the server says more, if it is still there. */
  #end(view: RunView): void {
    this.#view = view;
    this.state.set({ view: { ...view }, problem: undefined, connection: 'closed', detail: this.#detail });
    this.reload();
  }

  #apply(view: RunView, told: Exclude<LiveEvent, { type: 'ended' }>): void {
    if (told.type === 'state') {
      view.state = told.state;
      this.#detail = told.detail;
    } else if (told.type === 'second') {
      appendSeries(view.series, told.series);
      view.live = told.live;
    } else if (told.type === 'edit') view.edits = [...view.edits, told.edit];
    else view.logs = [...view.logs.slice(1 - LOG_LINES_MAX), told.line];
  }

  #found(): void {
    const awayMs = this.#lostAtMs === undefined ? 0 : Date.now() - this.#lostAtMs;
    this.#lostAtMs = undefined;
    if (awayMs > AWAY_MS_MAX) this.reload();
    else this.#connected('open');
  }

  #connected(connection: Connection): void {
    if (this.state.get().connection !== connection) this.state.set({ ...this.state.get(), connection });
  }

  /** Once a frame, however many events came at once. */
  #show(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (this.#view !== null) this.state.set({ ...this.state.get(), view: { ...this.#view }, detail: this.#detail });
    });
  }
}

function isOver({ state }: RunView): boolean {
  return state === 'ended' || state === 'unknown';
}
