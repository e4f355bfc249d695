import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A folder that is memory, where the system has one. */
export const MEMORY = '/dev/shm';

/**
 * Opens a file that has no name any more when this returns: it is gone with the last descriptor, whatever ends its process.
 * @param bases - folders, in the order in which they are tried @param open - opens the path, as often as is needed
 * @throws what the last folder gave, when none can be written
 */
export function openNameless<Opened>(bases: readonly string[], open: (path: string) => Opened): Opened {
  for (const [i, base] of bases.entries()) {
    let folder: string;
    try {
      folder = mkdtempSync(join(base, 'stressrun-'));
    } catch (error) {
      if (i < bases.length - 1) continue;
      throw error;
    }
    try {
      return open(join(folder, 'file'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  throw new RangeError('expected a folder to open a file in; got none');
}
