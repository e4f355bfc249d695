// node bench/stall.js: 2,000 starts a second for 20 s, at most 200 users, against a target that answers nothing for 2 s in the middle.
// What was due in the stall must show in the response time (queue) or as dropped starts (drop), and every start must be accounted for.
// Ends with 1 when something is not as it should be.
import { ms, runAgainstKnown, table } from './known.js';

const DUE = 40_000;
const rows = [];
const problems = [];
const must = (isSo, what) => {
  if (!isSo) problems.push(what);
};

for (const policy of ['queue', 'drop']) {
  const { run, record } = await runAgainstKnown({ DELAY_MS: 1, STALL_AFTER_MS: 9_000, STALL_FOR_MS: 2_000 }, `stall_${policy}`);
  const all = run.requests.at(-1);
  const { due, begun, queued, dropped, interrupted, late } = run.starts;
  const [p99] = run.thresholds;
  rows.push([
    `on_busy: ${policy}`,
    ms(all.responseTimeMs?.p50),
    ms(all.responseTimeMs?.p99),
    ms(all.durationMs?.p99),
    due,
    begun,
    queued,
    dropped,
    late,
    p99.outcome,
    run.generator.saturated ? 'yes' : 'no',
  ]);
  must(due === DUE, `${policy}: ${due} starts of ${DUE} are accounted for`);
  must(begun + dropped === due, `${policy}: ${begun} begun and ${dropped} dropped are not ${due}`);
  must(
    record.count === all.count + all.interrupted,
    `${policy}: the target saw ${record.count} requests, stressrun counts ${all.count} and ${all.interrupted} cut off`,
  );
  must(interrupted === 0, `${policy}: ${interrupted} iterations were interrupted`);
  must(all.durationMs.p99 < 100, `${policy}: http_req_duration p99 is ${ms(all.durationMs.p99)}, expected under 100 ms`);
  if (policy === 'queue')
    must(all.responseTimeMs.p99 > 1500, `queue: http_req_response_time p99 is ${ms(all.responseTimeMs.p99)}, expected over 1.5 s`);
  else {
    must(dropped > 3_000, `drop: ${dropped} starts were dropped, expected about 3,800`);
    must(p99.outcome === 'missed' || p99.outcome === 'undecided', `drop: p99<1s is ${p99.outcome}, expected missed`);
  }
}
console.log('2,000 starts/s for 20 s, at most 200 users, the target stalls for 2 s; threshold p99 of the response time under 1 s\n');
table(['', 'response p50', 'response p99', 'duration p99', 'due', 'begun', 'queued', 'dropped', 'late', 'p99<1s', 'saturated'], rows);
for (const problem of problems) console.log(`NOT AS IT SHOULD BE: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
