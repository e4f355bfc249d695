import type { RunJson } from '../core/run-json.ts';
import type { Edit, EditForm, Options, PlanView, StartForm } from '../views/api.ts';
import type { RunLog } from './run-log.ts';

/** The live run, or the last one. */
export interface WatchedRun {
  readonly log: RunLog;
  /** @throws {ConfigError} when the load cannot be changed so */
  edit(form: EditForm): Promise<Edit>;
  stop(how: 'graceful' | 'now'): void;
  /** The result, or what it would be if the run ended now; complete, secrets hidden. At most 2 s old. */
  soFar(): RunJson;
  /** The same as report.html. */
  report(): string;
  /** The tables that are watched begin anew; the verdict is over all of the run. */
  reset(): void;
  /** In the text format of Prometheus; undefined: there is none. */
  readonly metricsText?: () => string;
}

/** What the server is handed: it starts nothing itself. */
export interface Backend {
  readonly version: string;
  /** Where run folders are. */
  readonly runDir: string;
  /** Scripts lie in it, and are named by their paths from here. */
  readonly projectFolder: string;
  /** @throws {ConfigError} when the configuration is not in order */
  options(): Promise<Options>;
  /** What a form comes to; nothing is started. @throws {StressrunError}, {ConflictError} while a run goes on */
  plan(form: StartForm): Promise<PlanView>;
  /** Resolves when the run is planned and allowed. @throws {StressrunError} when it is not, {ConflictError} while one goes on */
  start(form: StartForm): Promise<WatchedRun>;
  /** Undefined before the first run. */
  readonly current: WatchedRun | undefined;
  /** A run was started that is not planned yet: it is not `current` so far. */
  readonly isPlanning: boolean;
}

/** What is asked for does not go with what goes on: 409. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

/** What is asked for is not there: 404. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

export function isLive({ log }: WatchedRun): boolean {
  return log.state !== 'ended';
}
