// Runs simulated from targets whose truth is known, told to the judge of `abort_on_fail`: how many good ones it ends early, and how soon bad ones.
// `node bench/early-abort.js --runs=1000 --seconds=40,120,300 --only=bursts,queue`; ends with 1 when it ends more than 2.5 % of the runs of a
// target that is as good as its limits, or of runs that pass when run to their end.
import { parseArgs } from 'node:util';
import { workOf } from './work-of.js';

const FALSE_ALARMS_MAX = 0.025;

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '40,120,300' },
    only: { type: 'string', default: '' },
  },
});

const percent = (count, all) => `${((100 * count) / all).toFixed(1)} %`.padStart(8);
const seconds = (value) => (value === undefined ? '' : `${value} s`).padStart(8);

const { earlyAbortRows } = await workOf('early-abort-work.ts');
const options = {
  runs: Number(given.runs),
  seconds: given.seconds.split(',').map(Number),
  only: given.only.split(',').filter((name) => name !== ''),
};
console.log(
  `${'target'.padEnd(12)} ${'case'.padEnd(22)} ${'length'.padStart(7)} ${'passes'.padStart(8)} ${'ended'.padStart(8)}   median      p90  ended, would pass`,
);
for (const row of earlyAbortRows(options)) {
  const isWrong = (row.isGood ? row.ended : row.wronglyEnded) > FALSE_ALARMS_MAX * row.runs;
  if (isWrong) process.exitCode = 1;
  console.log(
    `${row.target.padEnd(12)} ${row.case.padEnd(22)} ${seconds(row.seconds)}${percent(row.passed, row.runs)} ${percent(row.ended, row.runs)} ${seconds(row.endedAtMedianS)} ${seconds(row.endedAtP90S)} ${percent(row.wronglyEnded, row.runs)}${isWrong ? '  TOO MANY' : ''}`,
  );
}
