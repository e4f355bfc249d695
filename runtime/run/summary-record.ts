import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../history/atomic-write.ts';

/** Beside the run folders; hidden, so that no summary can be written in its place. */
const FILE = '.summaries.json';
/** The oldest are forgotten: then they are files like any other, and stay. */
const FILES_MAX = 1_000;

/** What summaries have written so far, by absolute path: a file that is still so may be written again. */
export class SummaryRecord {
  readonly #path: string;
  readonly #digests: Map<string, string>;

  private constructor(path: string, digests: Map<string, string>) {
    this.#path = path;
    this.#digests = digests;
  }

  /** @param runDir - where run folders are. A record that cannot be read is as good as none */
  static async read(runDir: string): Promise<SummaryRecord> {
    const path = join(runDir, FILE);
    try {
      const value: unknown = JSON.parse(await readFile(path, 'utf8'));
      const pairs = Object.entries(value ?? {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
      return new SummaryRecord(path, new Map(pairs));
    } catch {
      return new SummaryRecord(path, new Map());
    }
  }

  /** Whether the file is what an earlier summary wrote, unchanged. */
  async isOurs(path: string): Promise<boolean> {
    const known = this.#digests.get(path);
    return known !== undefined && known === digestOf(await readFile(path));
  }

  async add(path: string, text: string): Promise<void> {
    this.#digests.delete(path);
    this.#digests.set(path, digestOf(Buffer.from(text)));
    for (const oldest of this.#digests.keys()) {
      if (this.#digests.size <= FILES_MAX) break;
      this.#digests.delete(oldest);
    }
    await writeAtomically(this.#path, `${JSON.stringify(Object.fromEntries(this.#digests), undefined, 2)}\n`);
  }
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
