import type { KeptRequest } from '../core/records.ts';

/** Kept of each task. */
const SLOW_MAX = 10;
const FAILED_MAX = 10;
const TASKS_MAX = 200;

interface TaskRows {
  /** Slowest first. */
  readonly slow: KeptRequest[];
  /** By kind and code, each in the order they came. */
  readonly failed: Map<string, KeptRequest[]>;
}

/** The slowest and the failed requests of a run, merged from what workers kept each second: 10 of each per task, of at most 200 tasks. */
export class KeptBook {
  readonly #tasks = new Map<string, TaskRows>();

  add(requests: readonly KeptRequest[]): void {
    for (const request of requests) {
      const rows = this.#rowsOf(request.task);
      if (rows === undefined) continue;
      if (request.why === 'slow') addSlow(rows.slow, request);
      else addFailed(rows.failed, request);
    }
  }

  /** By task; of each the slowest first, then the failed, an error code's first before any's second. */
  rows(): KeptRequest[] {
    return [...this.#tasks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, { slow, failed }]) => [...slow, ...Array.from({ length: FAILED_MAX }, (_, rank) => rank).flatMap(rankOf(failed))]);
  }

  #rowsOf(task: string): TaskRows | undefined {
    const known = this.#tasks.get(task);
    if (known !== undefined || this.#tasks.size >= TASKS_MAX) return known;
    const rows: TaskRows = { slow: [], failed: new Map() };
    this.#tasks.set(task, rows);
    return rows;
  }
}

function rankOf(failed: ReadonlyMap<string, readonly KeptRequest[]>): (rank: number) => KeptRequest[] {
  return (rank) => [...failed.values()].flatMap((list) => list[rank] ?? []);
}

function addSlow(slow: KeptRequest[], request: KeptRequest): void {
  const before = slow.findIndex(({ responseTimeUs }) => responseTimeUs < request.responseTimeUs);
  slow.splice(before < 0 ? slow.length : before, 0, request);
  if (slow.length > SLOW_MAX) slow.pop();
}

/** Past the bound the code with the most gives up its latest; a new code finds room until there are as many codes as places. */
function addFailed(failed: Map<string, KeptRequest[]>, request: KeptRequest): void {
  const code = `${request.kind} ${request.errorCode}`;
  const list = failed.get(code) ?? [];
  list.push(request);
  failed.set(code, list);
  let [count, longest] = [0, list];
  for (const each of failed.values()) {
    count += each.length;
    if (each.length > longest.length) longest = each;
  }
  if (count <= FAILED_MAX) return;
  longest.pop();
  if (list.length === 0) failed.delete(code);
}
