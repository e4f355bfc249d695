import { formatNumber } from '../core/page-figures.ts';
import { HTTP } from '../core/roles.ts';
import type { RunJson } from '../core/run-json.ts';

/** What the figures of the rows of requests are of. */
export function requestWords({ run, requests }: Pick<RunJson, 'run' | 'requests'>): string {
  const cutOff = requests.at(-1)?.interrupted ?? 0;
  return [
    `Average to max: response time of expected answers, from the moment they were due (no coordinated omission); dur: ${HTTP.duration}, from sent.`,
    run.model === 'open' ? '' : 'Closed model: concurrency was the limit; a slow target was offered less.',
    cutOff === 0 ? '' : `${formatNumber(cutOff)} cut off at the end of the run count neither as successful nor as failed.`,
  ]
    .filter(Boolean)
    .join(' ');
}
