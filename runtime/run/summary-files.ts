import { lstat, realpath, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import type { Redactor } from '../core/redactor.ts';
import { resolveInside } from '../image/files.ts';
import { SummaryRecord } from './summary-record.ts';

/** What handleSummary returned, sorted by where it goes. */
export interface SummaryOutput {
  /** Empty: it said nothing for stdout, or an empty text. Undefined: it did not name it. */
  readonly stdout: string | undefined;
  readonly stderr: string;
  readonly files: readonly { path: string; text: string }[];
  /** Lines on what could not be used. */
  readonly problems: readonly string[];
}

/** @param json - what it returned; empty for nothing @param redactor - hides secrets in its texts */
export function summaryOutputOf(json: string, redactor: Redactor): SummaryOutput {
  const value: unknown = json === '' ? {} : JSON.parse(json);
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap) {
    const problem = `handleSummary: expected an object of texts by 'stdout', 'stderr' or a path; got ${Array.isArray(value) ? 'a list' : String(value)}`;
    return { stdout: undefined, stderr: '', files: [], problems: value === null ? [] : [problem] };
  }
  const texts = Object.entries(value).flatMap(([path, text]): [string, string][] =>
    typeof text === 'string' ? [[path, redactor.text(text)]] : [],
  );
  const others = Object.entries(value).filter(([, text]) => typeof text !== 'string');
  const by = new Map(texts);
  return {
    stdout: by.get('stdout'),
    stderr: by.get('stderr') ?? '',
    files: texts.filter(([path]) => path !== 'stdout' && path !== 'stderr').map(([path, text]) => ({ path, text })),
    problems: others.map(([path, other]) => `handleSummary: ${path}: expected a text; got ${other === null ? 'null' : typeof other}`),
  };
}

/** Kinds of files that a summary may be: a script is code of strangers, and must not write what somebody runs later. */
const KINDS = ['.json', '.ndjson', '.html', '.htm', '.xml', '.txt', '.md', '.csv', '.tsv', '.log', '.svg'];
/** Files that tools read their orders from. */
const ORDERS =
  /^(package|package-lock|npm-shrinkwrap|tsconfig.*|jsconfig.*|.*\.config|.*rc|config|composer|deno|bunfig)\.json$|^CMakeLists\.txt$|^requirements.*\.txt$/i;

/** Where a file of a summary may be written. @throws {ConfigError} when that is nowhere */
export async function summaryPath(
  path: string,
  allowed: { readonly cwd: string; readonly allowPaths: readonly string[]; readonly inputs: readonly string[] },
): Promise<string> {
  const where = `handleSummary: ${path}`;
  const wanted = resolve(allowed.cwd, path);
  const folder = await realpath(dirname(wanted)).catch(() => {
    throw new ConfigError(where, `expected a folder that is there; got ${dirname(wanted)}`);
  });
  const real = join(resolveInside(allowed.allowPaths, folder), basename(wanted));
  if (!KINDS.includes(extname(real).toLowerCase())) throw new ConfigError(where, `expected a name that ends in ${KINDS.join(', ')}`);
  const roots = await Promise.all(allowed.allowPaths.map((root) => realpath(root).catch(() => root)));
  const isHidden = roots
    .map((root) => relative(root, real).split(sep))
    .every((parts) => parts.some((part) => part.startsWith('.') || part === 'node_modules'));
  if (isHidden || ORDERS.test(basename(real)) || allowed.inputs.includes(real))
    throw new ConfigError(where, 'expected a file of its own; got one that others read their orders from');
  const there = await lstat(real).catch(() => undefined);
  if (there !== undefined && !there.isFile()) throw new ConfigError(where, 'expected a file; got a folder, a link or a device');
  return real;
}

/** Writes what a summary wants written, over nothing but what an earlier one wrote; what cannot be is told and is no more than that. */
export async function writeSummaryFiles(
  output: SummaryOutput,
  allowed: Parameters<typeof summaryPath>[1] & { readonly runDir: string },
  onProblem: (problem: string) => void,
): Promise<void> {
  for (const problem of output.problems) onProblem(problem);
  if (output.files.length === 0) return;
  const record = await SummaryRecord.read(allowed.runDir);
  for (const { path, text } of output.files) {
    try {
      const real = await summaryPath(path, allowed);
      const isThere = await lstat(real).then(
        () => true,
        () => false,
      );
      if (isThere && !(await record.isOurs(real)))
        throw new ConfigError(
          `handleSummary: ${path}`,
          'expected a new file, or one that an earlier summary wrote and nobody changed; got another one, which stays (delete it, or take another name)',
        );
      await writeFile(real, text, { flag: isThere ? 'w' : 'wx' });
      await record.add(real, text);
    } catch (error) {
      onProblem(error instanceof ConfigError ? error.message : `handleSummary: ${path} cannot be written: ${(error as Error).message}`);
    }
  }
}
