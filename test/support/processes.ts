import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process as the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  /** Since boot, in the system's ticks: with the number it tells a process from any later one. */
  readonly startedAt: string;
  readonly command: string;
}

/** Everything that runs, zombies left out. */
function listed(): ListedProcess[] {
  return readdirSync('/proc').flatMap((name): ListedProcess[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const [state, parent, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || state === 'X') return [];
      const command = readFileSync(`/proc/${name}/cmdline`, 'latin1').replaceAll('\0', ' ');
      return [{ pid: Number(name), parent: Number(parent), startedAt: rest[17] ?? '', command }];
    } catch {
      return []; // it ended while it was looked at
    }
  });
}

/** Children of a process, their children, and so on. */
export function descendantsOf(pid: number): ListedProcess[] {
  const all = listed();
  const found: ListedProcess[] = [];
  for (const parents = [pid]; parents.length > 0; ) {
    const parent = parents.pop();
    for (const child of all.filter((process) => process.parent === parent)) {
      found.push(child);
      parents.push(child.pid);
    }
  }
  return found;
}

/** Those of the processes that are still there after so long; looks until none is. */
export async function survivorsOf(processes: readonly ListedProcess[], withinMs: number): Promise<string[]> {
  const keys = new Set(processes.map(keyOf));
  for (const endAtMs = performance.now() + withinMs; ; await pause(50)) {
    const left = listed().filter((process) => keys.has(keyOf(process)));
    if (left.length === 0 || performance.now() > endAtMs) return left.map(({ command }) => command);
  }
}

function keyOf({ pid, startedAt }: ListedProcess): string {
  return `${pid} ${startedAt}`;
}

/**
 * The most memory that a process and all below it took together, looked at ten times a second. A page that several of them share
 * (the text of node itself) counts once.
 */
export function watchMemory(): { of(pid: number): void; peakBytes(): number; stop(): number } {
  let [root, peakBytes] = [0, 0];
  const timer = setInterval(() => {
    if (root !== 0) peakBytes = Math.max(peakBytes, memoryOfTree(root));
  }, 100);
  return {
    of: (pid) => {
      root = pid;
    },
    peakBytes: () => peakBytes,
    stop: () => {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

function memoryOfTree(root: number): number {
  return [root, ...descendantsOf(root).map(({ pid }) => pid)].reduce((sum, pid) => sum + shareOfMemory(pid), 0);
}

/** Resident bytes of a process, each page divided by how many processes have it; 0 when it is gone. */
function shareOfMemory(pid: number): number {
  try {
    const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1];
    return Number(kilobytes ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
