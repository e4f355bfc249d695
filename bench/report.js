// An hour of load as a report: 3,600 seconds, 20 names, 5 million samples simulated. Prints sizes, times and memory. `node bench/report.js [path of the html]`
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { workOf } from './work-of.js';

const top = resolve(import.meta.dirname, '..');
const htmlPath = resolve(process.argv[2] ?? resolve(top, 'dist', 'bench-report.html'));
const asset = (name) => readFileSync(resolve(top, 'dist', name), 'utf8');

const { reportOf } = await workOf('report-work.ts');
const figures = reportOf({
  seconds: 3_600,
  names: 20,
  samples: 5_000_000,
  htmlPath,
  assets: { script: asset('report-page.js'), style: asset('report-page-style.css') },
});
for (const [what, figure] of Object.entries(figures)) console.log(`${what}: ${Number(figure.toFixed(2)).toLocaleString('en')}`);
console.log(htmlPath);
process.exitCode = figures['report.html, bytes'] < 3_000_000 ? 0 : 1;
