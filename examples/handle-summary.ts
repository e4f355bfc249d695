// Summary: handleSummary gets the numbers at the end, in k6's shape, with run.json as `stressrun`; what it gives for stdout replaces the report.
// A path as key is a file to write, inside the project only: { 'results/summary.json': JSON.stringify(data) }

import type { Options, SummaryData } from 'stressrun';
import { http } from 'stressrun';

export const options: Options = { vus: 2, iterations: 10, thresholds: { http_reqs: ['count==10'] } };

export default async function handled() {
  await http.get('/health');
}

export function handleSummary({ metrics, stressrun }: SummaryData) {
  const { count } = metrics['http_reqs']?.values ?? {};
  const p95 = metrics['http_req_response_time']?.values['p(95)'] ?? 0;
  return { stdout: `${stressrun.verdict.outcome}: ${count} requests, 95 % of them within ${Math.ceil(p95)} ms\n` };
}
