// node bench/accuracy.js [--seconds 20] [--rate 500] [--delay 50]: what stressrun measures beside what the target itself recorded, HdrHistogram
// against HdrHistogram. The p50 must agree within 1 ms and the p99 within 3 ms. Ends with 1 when they do not.
import { given, ms, runAgainstKnown, table } from './known.js';

const [seconds, rate, delay] = [given('seconds', 20), given('rate', 500), given('delay', 50)];
const LIMITS_MS = { p50: 1, p99: 3 };

const { run, record } = await runAgainstKnown({ DELAY_MS: delay }, 'known', '--rate', `${rate}/s`, '--duration', `${seconds}s`);
const all = run.requests.at(-1);
const rows = ['p50', 'p95', 'p99', 'max'].map((stat) => [
  stat,
  ms(record[stat]),
  ms(all.durationMs[stat]),
  ms(all.responseTimeMs[stat]),
  ms(all.responseTimeMs[stat] - record[stat]),
  LIMITS_MS[stat] === undefined ? '-' : ms(LIMITS_MS[stat]),
]);
console.log(
  `${rate} starts/s for ${seconds} s, the target answers after ${delay} ms: ${record.count} requests at the target, ${all.count} here\n`,
);
table(['', 'target', 'http_req_duration', 'http_req_response_time', 'off by', 'allowed'], rows);
console.log(
  `\nthe generator says of itself: at most ${ms(run.generator.overheadMs)}, ${run.generator.saturated ? 'saturated' : 'not saturated'}`,
);
const isOff = Object.entries(LIMITS_MS).some(([stat, limitMs]) => Math.abs(all.responseTimeMs[stat] - record[stat]) > limitMs);
if (isOff || record.count !== all.count) console.log('NOT AS IT SHOULD BE');
process.exitCode = isOff || record.count !== all.count ? 1 : 0;
