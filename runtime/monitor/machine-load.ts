import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** What the machine did over a while, in processors: 1.6 of 2 is four fifths of it. */
export interface MachineLoad {
  /** Those that this process may use: of the machine, less where the container has fewer. */
  readonly cores: number;
  /** In use by anybody. */
  readonly usedCores: number;
  /** Of these in use by stressrun: this process and all that it started. */
  readonly ownCores: number;
  /** Taken by the hypervisor for other machines. */
  readonly stolenCores: number;
  /** Share of the time in which the container's quota stopped its processes; 0 without a quota. */
  readonly throttledRatio: number;
}

/** Of `/proc/stat` and `/proc/<pid>/stat`; fixed in the kernel's interface. */
const TICKS_PER_SECOND = 100;
const CGROUPS = ['/sys/fs/cgroup', '/sys/fs/cgroup/cpu', '/sys/fs/cgroup/cpu,cpuacct'];

interface Reading {
  readonly atMs: number;
  readonly usedTicks: number;
  readonly stolenTicks: number;
  readonly ownTicks: number;
  readonly throttledMs: number;
}

/** Reads how busy the machine is and with whom: Linux's `/proc` and cgroups, also from within a container. Elsewhere nothing is known. */
export class MachineMeter {
  readonly #cpuMsOf: (pid: number) => number | undefined;
  #first: Reading | undefined;

  /** @param cpuMsOf - processor time of a process so far; undefined: not known */
  constructor(cpuMsOf: (pid: number) => number | undefined) {
    this.#cpuMsOf = cpuMsOf;
  }

  start(): void {
    this.#first = readMachine(this.#cpuMsOf);
  }

  /** Since the start; undefined where the system does not tell. */
  take(): MachineLoad | undefined {
    const [first, last] = [this.#first, readMachine(this.#cpuMsOf)];
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
    const seconds = (last.atMs - first.atMs) / 1000;
    const coresOf = (ticks: number): number => Math.max(0, ticks) / TICKS_PER_SECOND / seconds;
    return {
      cores: availableCores(),
      usedCores: coresOf(last.usedTicks - first.usedTicks),
      ownCores: coresOf(last.ownTicks - first.ownTicks),
      stolenCores: coresOf(last.stolenTicks - first.stolenTicks),
      throttledRatio: Math.min(1, Math.max(0, last.throttledMs - first.throttledMs) / 1000 / seconds),
    };
  }
}

/** Processors that this process may use: a container's quota of half a core is one, of 2.5 is 3. At least 1. */
export function availableCores(): number {
  const quota = quotaOf((path) => readText(path));
  return Math.max(1, Math.min(availableParallelism(), quota === undefined ? Number.POSITIVE_INFINITY : Math.ceil(quota)));
}

/**
 * Processors that the control group allows; undefined: no limit, or none that is told.
 * @param read - text of a file; undefined when there is none
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max), https://docs.kernel.org/scheduler/sched-bwc.html (cpu.cfs_quota_us)
 */
export function quotaOf(read: (path: string) => string | undefined): number | undefined {
  for (const folder of foldersOf(read)) {
    const [quota, period] = (
      read(`${folder}/cpu.max`) ?? `${read(`${folder}/cpu.cfs_quota_us`) ?? ''} ${read(`${folder}/cpu.cfs_period_us`) ?? ''}`
    )
      .trim()
      .split(/\s+/)
      .map(Number);
    if (quota !== undefined && period !== undefined && quota > 0 && period > 0) return quota / period;
  }
  return undefined;
}

/** The group of this process, nearest first, and the root that a container sees as its own. */
function foldersOf(read: (path: string) => string | undefined): string[] {
  const lines = (read('/proc/self/cgroup') ?? '').trim().split('\n');
  const own = lines.flatMap((line) => {
    const [, controllers = '', path = ''] = line.split(':');
    if (path === '' || path === '/') return [];
    if (controllers === '') return [`${CGROUPS[0]}${path}`];
    return controllers.split(',').includes('cpu') ? CGROUPS.slice(1).map((root) => `${root}${path}`) : [];
  });
  return [...own, ...CGROUPS];
}

function readMachine(cpuMsOf: (pid: number) => number | undefined): Reading | undefined {
  const line = readText('/proc/stat')?.split('\n', 1)[0];
  if (line === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  const own = process.cpuUsage();
  const children = (readText(`/proc/self/task/${process.pid}/children`) ?? '').trim().split(' ').filter(Boolean);
  return {
    atMs: performance.now(),
    usedTicks: user + nice + system + irq + softirq,
    stolenTicks: steal,
    ownTicks:
      ((own.user + own.system) / 1_000_000) * TICKS_PER_SECOND +
      ticksOfEnded() +
      children.reduce((sum, pid) => sum + (cpuMsOf(Number(pid)) ?? 0) / 10, 0),
    throttledMs: throttledMs(),
  };
}

/** Of children that have ended, such as the bundler: what they used was used by stressrun. @see proc_pid_stat(5), cutime and cstime */
function ticksOfEnded(): number {
  const text = readText('/proc/self/stat') ?? '';
  // the name in brackets may hold anything
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[13]) + Number(fields[14]);
  return Number.isFinite(ticks) ? ticks : 0;
}

function throttledMs(): number {
  for (const folder of foldersOf(readText)) {
    const text = readText(`${folder}/cpu.stat`);
    const us = /^throttled_usec (\d+)$/m.exec(text ?? '')?.[1];
    if (us !== undefined) return Number(us) / 1000;
    const ns = /^throttled_time (\d+)$/m.exec(text ?? '')?.[1];
    if (ns !== undefined) return Number(ns) / 1_000_000;
  }
  return 0;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Share of a core that others must have for it to be told. */
const TOLD_CORES = 0.2;

/** Who had the processors that the workers waited for; undefined: nobody that is known. */
export function whoHadTheCores(load: MachineLoad): string | undefined {
  const { cores, usedCores, ownCores, stolenCores, throttledRatio } = load;
  const others = Math.max(0, usedCores - ownCores);
  const parts = [
    others >= TOLD_CORES
      ? `other processes used ${cpus(others)} of ${cores} ${cores === 1 ? 'core' : 'cores'}, stressrun ${cpus(ownCores)}`
      : '',
    stolenCores >= TOLD_CORES / 2 ? `the hypervisor kept back ${cpus(stolenCores)}` : '',
    throttledRatio >= 0.02 ? `the container's CPU quota stopped it for ${Math.round(throttledRatio * 100)}% of the time` : '',
  ].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join('; ');
}

function cpus(cores: number): string {
  return String(Number(cores.toPrecision(2)));
}
