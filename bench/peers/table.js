// What bench/peers.js says: one table per work, and how stressrun stands to its targets.
import { CONNECTIONS } from './tools.js';

/** CPU per request of stressrun, at most this many times the peer's. */
export const TARGETS = {
  get: { autocannon: 1.0, wrk: 2.2, k6: 0.2, locust: 0.12 },
  upload: { autocannon: 1.0, wrk: 2.2, k6: 0.12 },
  answer: { autocannon: 0.4, wrk: 3, k6: 0.3 },
  discard: { wrk: 1.5 },
};

const COLUMNS = [
  ['tool', 14],
  ['checks', 7],
  ['CPU µs/request', 15],
  ['× stressrun', 12],
  ['requests/s', 11],
  ['peak RSS MB', 12],
  ['connections', 12],
];

const line = (cells) =>
  cells.map((cell, i) => (i === 0 ? String(cell).padEnd(COLUMNS[i][1]) : String(cell).padStart(COLUMNS[i][1]))).join(' ');

/** @param rows - of one work, medians, in the order to print */
export function tableOf(title, rows) {
  const cells = rows.map(({ tool, checks, cpuUs, ratio, perSecond, peakRssMb, connections, newConnections, notes: kept }) => {
    const notes = newConnections > 0 ? [...kept, `${newConnections} connections were new`] : kept;
    const says = notes.length === 0 ? '' : `   ${notes.join('; ')}`;
    if (cpuUs === undefined) return `${line([tool])}${says}`;
    const numbers = [cpuUs.toFixed(1), ratio?.toFixed(2) ?? '', perSecond.toFixed(0), peakRssMb.toFixed(0), connections];
    return `${line([tool, checks ? 'yes' : 'off', ...numbers])}${says}`;
  });
  return [`\n${title}, ${CONNECTIONS} connections`, line(COLUMNS.map(([name]) => name)), ...cells].join('\n');
}

/** One line for each target whose peer was measured. */
export function standings(work, rows) {
  const own = rows.find((row) => row.tool === 'stressrun')?.cpuUs;
  return Object.entries(TARGETS[work] ?? {}).flatMap(([peer, most]) => {
    const theirs = rows.find((row) => row.tool === peer)?.cpuUs;
    if (own === undefined || theirs === undefined) return [];
    const ratio = own / theirs;
    const says = ratio <= most ? 'met' : `missed by ${((ratio / most - 1) * 100).toFixed(0)} %`;
    return [{ work, peer, ratio, most, text: `${work}: ${ratio.toFixed(3)} × ${peer}, at most ${most}: ${says}` }];
  });
}
