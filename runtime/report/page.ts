import type { RunJson } from '../core/run-json.ts';
import type { Paint } from './paint.ts';

/** What every section of the console report is made from. A section is its lines; none when it has nothing to say. */
export interface Page {
  readonly run: RunJson;
  readonly paint: Paint;
  /** Characters a line may have; a table may be wider when numbers are huge. */
  readonly columns: number;
}
