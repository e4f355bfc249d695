import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { SharedPlace } from '../messages/messages.ts';
import { MEMORY, openNameless } from './nameless-file.ts';

/** A pool of pictures that each worker may have a copy of, bytes; the pictures of a larger one lie in one place for all. */
export const COPIED_BYTES_MAX = 64_000_000;

interface SharedFile {
  readonly writeFd: number;
  readonly readFd: number;
  size: number;
}

let file: SharedFile | undefined;
let holders = 0;

/** Takes part in the file: a worker that is started inherits the descriptor, which can only be read. It ends with {@link letGoOfShared}. */
export function holdShared(): number {
  file ??= open();
  holders++;
  return file.readFd;
}

/** The last one leaves nothing of it. */
export function letGoOfShared(): void {
  holders--;
  if (holders > 0 || file === undefined) return;
  closeSync(file.writeFd);
  closeSync(file.readFd);
  file = undefined;
}

/** Writes bytes once for all workers of this process. @returns undefined when there is nobody to read them, or no room for them */
export function share(bytes: Buffer): SharedPlace | undefined {
  if (file === undefined) return undefined;
  const at = file.size;
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file.writeFd, bytes, done, bytes.length - done, at + done);
  } catch {
    ftruncateSync(file.writeFd, at);
    return undefined;
  }
  file.size += bytes.length;
  return { at, length: bytes.length };
}

/** On disk where there is a choice: what is not in memory anyway the system may write there. */
function open(): SharedFile {
  return openNameless([tmpdir(), MEMORY], (path) => ({ writeFd: openSync(path, 'wx', 0o600), readFd: openSync(path, 'r'), size: 0 }));
}
