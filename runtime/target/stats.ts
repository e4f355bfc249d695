import { type ServiceTimes, TimeRecord } from './service-times.ts';

/** What the server itself saw since its start or the last reset; `GET /stats` answers this. */
export interface TargetStats {
  /** Routes such as `POST /predict` (`other` for unknown paths) → status → answers. */
  readonly requests: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Requests whose client went away before its answer. */
  readonly aborted: number;
  /** Predictions being worked on, and waiting for a slot, now. */
  readonly inFlight: number;
  readonly queued: number;
  /** From the request's headers to the last byte handed to the kernel, all statuses, by route. */
  readonly serviceTimesMs: Readonly<Record<string, ServiceTimes>>;
  /** Answered predictions: `no_image` and `with_image`. */
  readonly predictsMs: Readonly<Record<string, ServiceTimes>>;
  /** Answered predictions by size of the picture, such as `640x480`; the hundred first sizes, then `other`. */
  readonly sizesMs: Readonly<Record<string, ServiceTimes>>;
}

/** A prediction that was made, for the record. */
export interface PredictKind {
  readonly withImage: boolean;
  readonly size: string;
}

const SIZES_MAX = 100;

/** Counts answers; its size is bounded, whatever is asked. */
export class StatsRecord {
  #requests = new Map<string, Map<number, number>>();
  #routes = new Map<string, TimeRecord>();
  #kinds = new Map<string, TimeRecord>();
  #sizes = new Map<string, TimeRecord>();
  #aborted = 0;

  reset(): void {
    this.#requests = new Map();
    this.#routes = new Map();
    this.#kinds = new Map();
    this.#sizes = new Map();
    this.#aborted = 0;
  }

  recordAborted(): void {
    this.#aborted++;
  }

  /** @param kind - undefined unless a prediction was made */
  recordAnswer(route: string, status: number, { serviceUs, kind }: { serviceUs: number; kind: PredictKind | undefined }): void {
    const statuses = this.#requests.get(route) ?? new Map<number, number>();
    this.#requests.set(route, statuses.set(status, (statuses.get(status) ?? 0) + 1));
    recordIn(this.#routes, route, serviceUs);
    if (kind === undefined) return;
    recordIn(this.#kinds, kind.withImage ? 'with_image' : 'no_image', serviceUs);
    recordIn(this.#sizes, this.#sizes.has(kind.size) || this.#sizes.size < SIZES_MAX ? kind.size : 'other', serviceUs);
  }

  snapshot(now: { inFlight: number; queued: number }): TargetStats {
    return {
      requests: Object.fromEntries([...this.#requests].map(([route, statuses]) => [route, Object.fromEntries(statuses)])),
      aborted: this.#aborted,
      ...now,
      serviceTimesMs: summaries(this.#routes),
      predictsMs: summaries(this.#kinds),
      sizesMs: summaries(this.#sizes),
    };
  }
}

function recordIn(records: Map<string, TimeRecord>, key: string, us: number): void {
  const record = records.get(key) ?? new TimeRecord();
  record.record(us);
  records.set(key, record);
}

function summaries(records: Map<string, TimeRecord>): Record<string, ServiceTimes> {
  const out: Record<string, ServiceTimes> = {};
  for (const [key, record] of records) {
    const summary = record.summary();
    if (summary !== undefined) out[key] = summary;
  }
  return out;
}
