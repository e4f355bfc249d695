import type { KeptRequest } from '../core/records.ts';

/** Of a second and a task: the slowest, and the first failed of each error code. */
const SLOW_MAX = 3;
const FAILED_PER_CODE_MAX = 3;
/** Of a second. A script with more tasks, or answers with more codes, loses some. */
const TASKS_MAX = 200;
const CODES_MAX = 20;
const KEPT_MAX = 50;

interface TaskPick {
  readonly task: string;
  /** Slowest first. */
  readonly slow: KeptRequest[];
  /** What a request must have taken to be among the slowest, µs. */
  slowUsMin: number;
  readonly failed: Map<string, KeptRequest[]>;
}

/**
 * Keeps the requests of a second that are worth a look, in the worker. The usual request costs one comparison: its record is made only when
 * it is kept.
 */
export class KeptPicker {
  readonly #picks = new Map<string, TaskPick>();
  /** Most requests are of the task of the one before, or of a few. */
  #last: TaskPick | undefined;

  /** Whether a request that took so long is to be kept as slow. */
  isSlow(task: string, responseTimeUs: number): boolean {
    const pick = this.#last?.task === task ? this.#last : this.#pickOf(task);
    return pick !== undefined && responseTimeUs > pick.slowUsMin;
  }

  /** Whether a failed request is to be kept as such. */
  isFirst(task: string, kind: string, errorCode: number): boolean {
    const failed = this.#pickOf(task)?.failed;
    const known = failed?.get(codeOf(kind, errorCode));
    return failed !== undefined && (known === undefined ? failed.size < CODES_MAX : known.length < FAILED_PER_CODE_MAX);
  }

  /** Keeps a request that {@link isSlow} or {@link isFirst} asked for. */
  keep(request: KeptRequest): void {
    const pick = this.#pickOf(request.task);
    if (pick === undefined) return;
    if (request.why === 'slow') return addSlow(pick, request);
    const code = codeOf(request.kind, request.errorCode);
    const known = pick.failed.get(code);
    if (known === undefined) pick.failed.set(code, [request]);
    else known.push(request);
  }

  /** What the second had, at most 50: the first of each list before the second of any. */
  drain(): KeptRequest[] {
    if (this.#last === undefined) return [];
    const lists = [...this.#picks.values()].flatMap((pick) => [...pick.failed.values(), pick.slow]);
    this.#picks.clear();
    this.#last = undefined;
    const kept: KeptRequest[] = [];
    for (let rank = 0; rank < SLOW_MAX || rank < FAILED_PER_CODE_MAX; rank++)
      for (const list of lists) {
        const request = list[rank];
        if (request !== undefined && kept.length < KEPT_MAX) kept.push(request);
      }
    return kept;
  }

  #pickOf(task: string): TaskPick | undefined {
    let pick = this.#picks.get(task);
    if (pick === undefined) {
      if (this.#picks.size >= TASKS_MAX) return undefined;
      pick = { task, slow: [], slowUsMin: Number.NEGATIVE_INFINITY, failed: new Map() };
      this.#picks.set(task, pick);
    }
    this.#last = pick;
    return pick;
  }
}

function codeOf(kind: string, errorCode: number): string {
  return `${kind} ${errorCode}`;
}

function addSlow(pick: TaskPick, request: KeptRequest): void {
  const { slow } = pick;
  const before = slow.findIndex(({ responseTimeUs }) => responseTimeUs < request.responseTimeUs);
  slow.splice(before < 0 ? slow.length : before, 0, request);
  if (slow.length > SLOW_MAX) slow.pop();
  if (slow.length === SLOW_MAX) pick.slowUsMin = (slow[SLOW_MAX - 1] as KeptRequest).responseTimeUs;
}
