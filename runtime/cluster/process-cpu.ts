import { readFileSync } from 'node:fs';

/** Of `/proc/<pid>/stat`; fixed in the kernel's interface. */
const MS_PER_TICK = 10;

/** Processor time that a process has had, all its threads; ms. @returns undefined where there is no /proc, or no such process */
export function cpuMsOf(pid: number): number | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // the name in brackets may hold anything
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isFinite(ticks) ? ticks * MS_PER_TICK : undefined;
}
