// CPU and memory of a process with all that it started, from /proc.
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // utime, stime, and both of the children that have ended and were waited for
    const cpuTicks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { pid, parent: Number(fields[1]), cpuTicks, rssPages: Number(fields[21]) };
  } catch {
    return undefined;
  }
}

/** @returns pids of `root` and everything below it */
function treeOf(root) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(name) ?? []);
  const tree = [];
  const waiting = [root];
  while (waiting.length > 0) {
    const pid = waiting.pop();
    const stat = all.find((each) => each.pid === String(pid) || Number(each.pid) === pid);
    if (stat === undefined) continue;
    tree.push(stat);
    waiting.push(...all.filter((each) => each.parent === Number(stat.pid)).map((each) => Number(each.pid)));
  }
  return tree;
}

/** CPU seconds used so far by the living processes of the tree, and by those of their children that have ended. */
export function cpuSecondsOf(root) {
  return treeOf(root).reduce((sum, stat) => sum + stat.cpuTicks, 0) / TICKS_PER_SECOND;
}

/** As {@link cpuSecondsOf}, of the one process. */
export function ownCpuSecondsOf(pid) {
  return (statOf(pid)?.cpuTicks ?? Number.NaN) / TICKS_PER_SECOND;
}

/** Resident bytes of the tree. */
export function rssBytesOf(root) {
  return treeOf(root).reduce((sum, stat) => sum + stat.rssPages, 0) * PAGE_BYTES;
}

/** The most that each living process of the tree ever had resident, added up. */
export function peakRssBytesOf(root) {
  return treeOf(root).reduce((sum, { pid }) => sum + peakOf(pid), 0);
}

function peakOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Each living process of the tree. */
export function processesOf(root) {
  return treeOf(root).map(({ pid, rssPages }) => ({ pid: Number(pid), rssBytes: rssPages * PAGE_BYTES }));
}

/** @returns pids of everything below `root` that lives */
export function childrenOf(root) {
  return treeOf(root)
    .map(({ pid }) => Number(pid))
    .filter((pid) => pid !== root);
}
