import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a whole file or leaves the old one: to a temporary file beside it, flushed, then renamed. Makes the folder when it is gone.
 * @throws the system's error, after the temporary file is removed
 */
export async function writeAtomically(path: string, text: string): Promise<void> {
  makeFolder(dirname(path));
  const temporaryPath = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = await open(temporaryPath, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporaryPath, path);
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    throw error;
  }
}
