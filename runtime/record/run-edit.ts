/** A change of the load that has been made. */
export interface RunEdit {
  /** Tag `phase` of what was due after it: `edit-1`, `edit-2` …. */
  readonly phase: string;
  /** When it takes effect, seconds since the measured period began. */
  readonly atS: number;
  /** In words: `users 20 → 40 (default)`. */
  readonly change: string;
}
