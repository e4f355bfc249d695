import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { ACTIVITY } from '../core/activity-table.ts';

/** What a worker was doing when its memory was looked at. */
export interface Activity {
  /** Whether code of VUs may have been running; otherwise the worker itself was. */
  readonly isInside: boolean;
  /**
   * Those of the VUs woken last whose code runs, or, where all of them wait for something, all of them (one that blocks may have left a request
   * unawaited); the likeliest first: of those that run the first that was woken, of those that wait the last, since nobody is woken after it.
   * Code that does not yield leaves those behind it as they are, so it is most likely that of the first.
   */
  readonly vus: readonly ActiveVu[];
}

export interface ActiveVu {
  /** 0-based; −1: the one of module level, setup and teardown. */
  vu: number;
  /** As in STALL_PHASE. */
  phase: number;
  iteration: number;
  scenario: number;
}

const WORD_BYTES = 4;
const CHUNK_BYTES = 8 << 20;
const MAPPED_BYTES_MAX = 8 * 2 ** 30;

/**
 * Reads a worker's activity table out of its memory while it does not answer: through /proc, as a debugger would. A parent may do that
 * to its children where the system's ptrace policy is the usual one (Yama 0 or 1); elsewhere there is no answer, and the stall cell serves.
 */
export class ActivityReader {
  readonly #pid: number;
  readonly #magic: Buffer;
  #address: number | undefined;

  constructor(pid: number, magic: readonly number[]) {
    this.#pid = pid;
    this.#magic = Buffer.alloc(magic.length * WORD_BYTES);
    for (const [i, word] of magic.entries()) this.#magic.writeInt32LE(word, i * WORD_BYTES);
  }

  /** Finds the table, so that looking at it takes no time later, when the memory may be large. */
  locate(): void {
    this.look();
  }

  /** @returns undefined when the memory cannot be read */
  look(): Activity | undefined {
    if (endianness() !== 'LE' || this.#magic.length === 0) return undefined;
    let memory: number | undefined;
    try {
      memory = openSync(`/proc/${this.#pid}/mem`, 'r');
      this.#address ??= this.#find(memory);
      return this.#address === undefined ? undefined : this.#rows(memory, this.#address);
    } catch {
      return undefined;
    } finally {
      if (memory !== undefined) closeSync(memory);
    }
  }

  #rows(memory: number, address: number): Activity | undefined {
    const head = Buffer.alloc(ACTIVITY.headWords * WORD_BYTES);
    readSync(memory, head, 0, head.length, address);
    if (!head.subarray(0, this.#magic.length).equals(this.#magic)) return undefined;
    const headWord = (index: number): number => head.readInt32LE(index * WORD_BYTES);
    const count = headWord(ACTIVITY.countWord);
    const turn = headWord(ACTIVITY.turnWord);
    const rows = Buffer.alloc(Math.max(0, Math.min(count, 1_000_000)) * ACTIVITY.rowWords * WORD_BYTES);
    readSync(memory, rows, 0, rows.length, address + head.length);
    const woken: (ActiveVu & { isWaiting: boolean; waking: number })[] = [];
    for (let at = 0; at < rows.length; at += ACTIVITY.rowWords * WORD_BYTES) {
      const word = (index: number): number => rows.readInt32LE(at + index * WORD_BYTES);
      const waking = (word(ACTIVITY.waking) - turn) | 0;
      if (waking <= 0) continue;
      const [vu, phase, iteration, scenario] = [word(0), word(ACTIVITY.phase), word(ACTIVITY.iteration), word(ACTIVITY.scenario)];
      woken.push({ vu, phase, iteration, scenario, waking, isWaiting: word(ACTIVITY.pending) !== 0 });
    }
    woken.sort((a, b) => a.waking - b.waking);
    const running = woken.filter((vu) => !vu.isWaiting);
    return { isInside: headWord(ACTIVITY.insideWord) === 1, vus: running.length > 0 ? running : woken.reverse() };
  }

  /** Looks for the magic number in everything that the worker may write to. */
  #find(memory: number): number | undefined {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let seenBytes = 0;
    for (const [from, to] of this.#writableRegions()) {
      for (let at = from; at < to && seenBytes < MAPPED_BYTES_MAX; at += CHUNK_BYTES - this.#magic.length) {
        const bytes = readSync(memory, chunk, 0, Math.min(CHUNK_BYTES, to - at), at);
        seenBytes += bytes;
        const found = chunk.subarray(0, bytes).indexOf(this.#magic);
        if (found >= 0) return at + found;
        if (bytes < CHUNK_BYTES) break;
      }
    }
    return undefined;
  }

  #writableRegions(): [from: number, to: number][] {
    const lines = readFileSync(`/proc/${this.#pid}/maps`, 'latin1').split('\n');
    return lines.flatMap((line): [number, number][] => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw.p /.exec(line);
      return match === null ? [] : [[Number.parseInt(match[1] as string, 16), Number.parseInt(match[2] as string, 16)]];
    });
  }
}
