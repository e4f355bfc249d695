// Statistics that a verdict rests on, measured on simulated runs whose truth is known. How often the 95 % interval of a percentile holds the truth, as the
// verdict has it, with samples taken for independent, and by moving blocks. `npm run bench:statistics -- --runs=2000 --seconds=600 --only=bursts`; ends with
// 1 when an interval of the verdict over ten minutes holds the truth in fewer than 93 % of the runs or in more than 97 %. No load.
import { parseArgs } from 'node:util';
import { workOf } from './work-of.js';

const [COVERED_MIN, COVERED_MAX] = [0.93, 0.97];
/** Shorter runs may hold no bad stretch at all: no interval knows of what never came. */
const JUDGED_FROM_S = 600;

const { values: given } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30,120,600' },
    ratios: { type: 'string', default: '0.5,0.95,0.99' },
    only: { type: 'string', default: '' },
    'no-blocks': { type: 'boolean', default: false },
  },
});
const list = (text) => text.split(',').filter((name) => name !== '');

const percent = (count, all) => (count === undefined ? '' : `${((100 * count) / all).toFixed(1)} %`).padStart(9);

const { coverageRows } = await workOf('statistics-work.ts');
console.log('95 % intervals of percentiles, 100 requests/s: how many hold the truth');
console.log(`${'target'.padEnd(12)}            length   verdict  no end   as if independent  blocks   samples worth`);
const options = {
  runs: Number(given.runs),
  seconds: list(given.seconds).map(Number),
  ratios: list(given.ratios).map(Number),
  only: list(given.only),
  hasBlocks: !given['no-blocks'],
};
for (const row of coverageRows(options)) {
  const { runs } = row;
  const ratio = row.covered / runs;
  const isWrong = row.seconds >= JUDGED_FROM_S && (ratio < COVERED_MIN || ratio > COVERED_MAX);
  if (isWrong) process.exitCode = 1;
  console.log(
    `${row.case.padEnd(12)} ${row.quantile.padEnd(5)} ${`${row.seconds} s`.padStart(11)} ${percent(row.covered, runs)} ${percent(row.open, runs)} ${percent(row.plain, runs)} ${percent(row.blocks, runs)} ${percent(row.worthRatio, 1)}${isWrong ? '  NOT 93 TO 97 %' : ''}`,
  );
}
