import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { type BuildFailure, type BuildOptions, build, type OutputFile, stop } from 'esbuild';
import { BugError } from '../core/errors.ts';
import { bundleError, isUnknownApiName, warningText } from './bundle-error.ts';
import { exportNamesOf } from './export-names.ts';
import { FACTORY_LINE_OFFSET, SCENARIO_NAME, SCRIPT_FILE } from './factory.ts';
import { API_NAMESPACE, pickOf, scriptApi } from './script-api.ts';
import { findScript } from './script-file.ts';
import { displayPath } from './source-place.ts';

/** A script and all that it imports, as one text for the sandbox. */
export interface ScriptBundle {
  /** To be wrapped by `wrapFactory`, then evaluated once per VU. */
  readonly code: string;
  /** Source map of `code`, with the sources' text; stays on the host. */
  readonly mapText: string;
  /** Lines that `wrapFactory` puts before `code`. */
  readonly lineOffset: number;
  /** Absolute folder that the source map's paths are relative to. */
  readonly root: string;
  /** Absolute paths of all files read: the script first, then by name. */
  readonly inputs: readonly string[];
  /** Of `code`, hexadecimal; the same wherever the repository lies. */
  readonly sha256: string;
  /** Whether operations need their tags kept across awaits: the script uses `group`. */
  readonly usesContext: boolean;
  /** The script's exports, sorted; undefined when they are known only once it runs (CommonJS). */
  readonly exportNames: readonly string[] | undefined;
  /** The bundler's warnings, a line each, with their place. */
  readonly warnings: readonly string[];
}

/**
 * Bundles a script with its TypeScript, JSON and npm imports.
 * @throws {ConfigError} with file, line, column and code frame when it cannot be bundled
 */
export async function bundleScript(scriptPath: string): Promise<ScriptBundle> {
  const path = findScript(scriptPath);
  const root = dirname(path);
  const result = await built(path, root).catch((error: unknown) => {
    if (!isBuildFailure(error)) throw error;
    throw bundleError(error.errors, root, path);
  });
  const unknownNames = result.warnings.filter(isUnknownApiName);
  if (unknownNames.length > 0) throw bundleError(unknownNames, root, path);

  const code = textOf(result.outputFiles, SCRIPT_FILE);
  const inputs = Object.keys(result.metafile.inputs)
    .filter((name) => !name.startsWith(`${API_NAMESPACE}:`) && !name.startsWith('(disabled):'))
    .map((name) => resolve(root, name));
  return {
    code,
    mapText: textOf(result.outputFiles, `${SCRIPT_FILE}.map`),
    lineOffset: FACTORY_LINE_OFFSET,
    root,
    inputs: [path, ...inputs.filter((input) => input !== path).sort()],
    sha256: createHash('sha256').update(code).digest('hex'),
    usesContext: code.includes(pickOf('group')),
    exportNames: exportNamesOf(code),
    warnings: result.warnings.map((warning) => warningText(warning, root)),
  };
}

/** The language that scripts reach the sandbox in, whatever they and their packages are written in. */
export const SCRIPT_LANGUAGE = {
  target: 'es2022', // the newest that vm2's parser reads; also lowers `using` and the v flag
  // V8 hands what is thrown inside native ones on without passing vm2, so they come as functions with generators: see SECURITY.md
  supported: { 'async-generator': false },
} as const satisfies BuildOptions;

let building = 0;

/** esbuild is a process of its own, which would stay for the whole run (12 MB): it ends with the last build, and the next one starts it again. */
async function built(path: string, root: string) {
  building++;
  try {
    return await build(optionsFor(path, root));
  } finally {
    building--;
    if (building === 0) await stop();
  }
}

function optionsFor(path: string, root: string) {
  return {
    entryPoints: [path],
    absWorkingDir: root, // paths in the bundle are relative to it, so the bundle does not depend on where it is made
    outfile: SCRIPT_FILE,
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: SCENARIO_NAME,
    platform: 'browser',
    mainFields: ['browser', 'module', 'main'],
    ...SCRIPT_LANGUAGE,
    minify: false, // vm2 shifts columns on a line with a catch, so each statement keeps a line of its own
    sourcemap: 'external',
    sourcesContent: true,
    charset: 'utf8',
    legalComments: 'none',
    treeShaking: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins: [scriptApi],
  } as const satisfies BuildOptions;
}

function textOf(files: readonly OutputFile[], name: string): string {
  const file = files.find((each) => each.path.endsWith(name));
  if (file === undefined) throw new BugError(`the bundler made no ${displayPath(name)}`);
  return file.text;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as Partial<BuildFailure>).errors);
}
