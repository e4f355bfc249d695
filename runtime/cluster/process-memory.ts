import { readFileSync } from 'node:fs';

/** Memory of a process as its system sees it. */
export interface ProcessMemory {
  /** In main memory now. */
  readonly rssBytes: number;
  /** Asked for, touched or not: large byte arrays take no room before they are written to. */
  readonly dataBytes: number;
}

/** Asks the system, not the process: one that spins says nothing. @returns undefined where there is no /proc, or no such process */
export function memoryOf(pid: number): ProcessMemory | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const bytesOf = (field: string): number | undefined => {
    const kilobytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  };
  const [rssBytes, dataBytes] = [bytesOf('VmRSS'), bytesOf('VmData')];
  return rssBytes === undefined || dataBytes === undefined ? undefined : { rssBytes, dataBytes };
}
