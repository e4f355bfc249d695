import { type FileHandle, open, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redactor } from '../core/redactor.ts';
import type { RunJson } from '../core/run-json.ts';
import type { JournalLine } from '../record/journal.ts';
import { writeAtomically } from './atomic-write.ts';
import { compactJson } from './json-text.ts';
import { makeFolder } from './make-folder.ts';

export const PLAN_FILE = 'plan.json';
export const JOURNAL_FILE = 'journal.ndjson';
export const RUN_JSON_FILE = 'run.json';
/** A link beside the run folders to the newest one; where there are no links, a text file that holds its id. */
export const LATEST_FILE = 'latest';

/**
 * Where a run is kept while it goes. A full disk, a read-only or deleted folder never stops a test:
 * nothing here rejects or throws; the first problem is told, and later writes are still tried.
 */
export interface RunFolder {
  readonly path: string;
  /** @param plan - as of `redactPlan`: names that look like a secret are its business */
  writePlan(plan: unknown): Promise<void>;
  /** Returns at once; lines are written and flushed to disk in order. */
  appendJournal(line: JournalLine): void;
  /** @returns whether it is there */
  writeRunJson(run: RunJson): Promise<boolean>;
  /** Resolves when everything appended is on disk. */
  close(): Promise<void>;
}

interface RunFolderOptions {
  /** Called at most once, with one line for people. */
  onProblem(problem: string): void;
  /** Hides secrets in everything that is written. */
  readonly redactor: Redactor;
}

/** Makes `<base>/<runId>/` and points `<base>/latest` at it. */
export function createRunFolder(base: string, runId: string, { onProblem, redactor }: RunFolderOptions): RunFolder {
  const path = join(base, runId);
  let isTold = false;
  const tell = (error: unknown): void => {
    if (isTold) return;
    isTold = true;
    onProblem(
      `the run folder ${path} cannot be written (${error instanceof Error ? error.message : String(error)}); the run goes on, but may not be kept whole`,
    );
  };
  try {
    makeFolder(path);
  } catch (error) {
    tell(error);
  }
  const journal = new JournalFile(join(path, JOURNAL_FILE), tell);
  const write = async (file: string, text: string): Promise<boolean> => {
    try {
      await writeAtomically(file, text);
      return true;
    } catch (error) {
      tell(error);
      return false;
    }
  };
  const pointing = pointTo(base, runId).catch(tell);
  return {
    path,
    async writePlan(plan) {
      await write(join(path, PLAN_FILE), `${redactor.stringify(plan, 2)}\n`);
    },
    appendJournal: (line) => journal.append(`${journalText(line, redactor)}\n`),
    writeRunJson: (run) => write(join(path, RUN_JSON_FILE), `${compactJson(redactor.stringify(run, 2))}\n`),
    async close() {
      await pointing;
      await journal.close();
    },
  };
}

/** Numbers are no texts: what hides a secret in a text, a short one too, would break them. */
function journalText({ numbers, ...line }: JournalLine, redactor: Redactor): string {
  return `${redactor.stringify(line).slice(0, -1)},"numbers":${JSON.stringify(numbers)}}`;
}

async function pointTo(base: string, runId: string): Promise<void> {
  const latest = join(base, LATEST_FILE);
  const beside = join(base, `.${LATEST_FILE}.${process.pid}.tmp`);
  try {
    await symlink(runId, beside);
    await rename(beside, latest); // never a moment without one
  } catch (error) {
    await rm(beside, { force: true });
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await writeAtomically(latest, `${runId}\n`);
  }
}

/** The journal as an open file: each line one write and one flush, in order, at a position that only good lines move. */
class JournalFile {
  readonly #path: string;
  readonly #tell: (error: unknown) => void;
  #file: FileHandle | undefined;
  /** A line that a full disk cut short is written over by the next one, so damage never stays in the middle. */
  #goodBytes = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(path: string, tell: (error: unknown) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  append(line: string): void {
    this.#queue = this.#queue.then(() => this.#write(Buffer.from(line))).catch(this.#tell);
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.#file?.close().catch(this.#tell);
    this.#file = undefined;
  }

  async #write(line: Buffer): Promise<void> {
    this.#file ??= await open(this.#path, this.#goodBytes === 0 ? 'w' : 'r+');
    const { bytesWritten } = await this.#file.write(line, 0, line.length, this.#goodBytes);
    if (bytesWritten < line.length) {
      await this.#file.truncate(this.#goodBytes);
      throw new Error(`only ${bytesWritten} of ${line.length} bytes of a journal line fit`);
    }
    this.#goodBytes += bytesWritten;
    await this.#file.datasync();
    // an open file can be written to long after its name is gone
    if ((await this.#file.stat()).nlink === 0) throw new Error('its journal was deleted');
  }
}
