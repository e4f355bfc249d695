import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type ts from 'typescript';
import { floatingPromises } from './floating-promises.ts';
import { scriptTypesPath } from './package-files.ts';
import { findScript } from './script-file.ts';
import { codeFrame, placeText, type SourcePlace } from './source-place.ts';

type TypeScript = typeof ts;

/** One thing that the type check found. */
export interface TypeFinding {
  /** `TS2322`, or `floating-promise` for an un-awaited call. */
  readonly code: string;
  readonly message: string;
  /** Undefined for what is wrong with the project's settings. */
  readonly place: SourcePlace | undefined;
  /** For people: place, message and code frame. */
  readonly text: string;
}

export type TypeCheckResult =
  | {
      readonly kind: 'checked';
      readonly typescriptVersion: string /** The tsconfig.json in force. */;
      readonly projectPath: string | undefined;
      readonly findings: readonly TypeFinding[];
    }
  /** There is no TypeScript to check with; `message` says how to add it. */
  | { readonly kind: 'unavailable'; readonly message: string };

/**
 * Checks a script and the files it imports with the TypeScript of the user's repository, and looks for promises nobody awaits.
 * Settings are those of the nearest tsconfig.json, strict unless it says otherwise.
 * @throws {ConfigError} when there is no such script
 */
export async function typeCheck(scriptPath: string): Promise<TypeCheckResult> {
  const path = findScript(scriptPath);
  const loaded = loadTypeScript(path);
  if (typeof loaded === 'string') return { kind: 'unavailable', message: loaded };
  const project = readProject(loaded, path);
  const program = loaded.createProgram([path, ...project.declarations], project.options);
  const isOwn = (file: ts.SourceFile): boolean => !file.isDeclarationFile && !file.fileName.includes('/node_modules/');
  const diagnostics = [...project.errors, ...loaded.getPreEmitDiagnostics(program)].filter(
    (each) => each.file === undefined || isOwn(each.file),
  );
  const floating = program
    .getSourceFiles()
    .filter(isOwn)
    .flatMap((file) => floatingPromises(loaded, program, file).map((expression) => floatingFinding(file, expression)));
  return {
    kind: 'checked',
    typescriptVersion: loaded.version,
    projectPath: project.path,
    findings: [...diagnostics.map((diagnostic) => findingOf(loaded, diagnostic)), ...floating],
  };
}

/** The compiler's module, or why there is none. */
function loadTypeScript(scriptPath: string): TypeScript | string {
  const require = createRequire(scriptPath);
  let loaded: Partial<TypeScript>;
  try {
    loaded = require('typescript') as Partial<TypeScript>;
  } catch {
    return `there is no TypeScript in reach of ${dirname(scriptPath)}, so types are not checked; add it with: npm install -D typescript@6`;
  }
  if (typeof loaded.createProgram === 'function') return loaded as TypeScript;
  return `TypeScript ${String(loaded.version ?? '7 or newer')} has no JavaScript API, so types are not checked; add one that has: npm install -D typescript@6`;
}

interface Project {
  readonly path: string | undefined;
  readonly options: ts.CompilerOptions;
  /** The project's own .d.ts files: they may declare what scripts use. */
  readonly declarations: readonly string[];
  readonly errors: readonly ts.Diagnostic[];
}

/** The nearest tsconfig.json, or what a script needs; `'stressrun'` always means the types of this very version. */
function readProject(typescript: TypeScript, scriptPath: string): Project {
  const path = typescript.findConfigFile(dirname(scriptPath), typescript.sys.fileExists);
  const fallback: ts.CompilerOptions = {
    target: typescript.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    types: [],
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
  };
  const forced: ts.CompilerOptions = { noEmit: true, skipLibCheck: true, allowJs: true };
  const ours = { stressrun: [scriptTypesPath()] };
  if (path === undefined) return { path, declarations: [], errors: [], options: { ...fallback, strict: true, ...forced, paths: ours } };

  const { config, error } = typescript.readConfigFile(path, typescript.sys.readFile);
  const parsed = typescript.parseJsonConfigFileContent(config ?? {}, typescript.sys, dirname(path), undefined, path);
  const noInputs = 18003; // the script itself is the input
  return {
    path,
    options: { ...parsed.options, strict: parsed.options.strict ?? true, ...forced, paths: { ...parsed.options.paths, ...ours } },
    declarations: parsed.fileNames.filter((name) => /\.d\.[cm]?ts$/.test(name)),
    errors: [...(error === undefined ? [] : [error]), ...parsed.errors.filter((each) => each.code !== noInputs)],
  };
}

function findingOf(typescript: TypeScript, diagnostic: ts.Diagnostic): TypeFinding {
  const message = typescript.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  return finding(`TS${diagnostic.code}`, message, diagnostic.file, diagnostic.start ?? 0);
}

function floatingFinding(file: ts.SourceFile, expression: ts.Expression): TypeFinding {
  const message = 'this call makes a promise that nobody awaits: put await before it (or void, if that is meant)';
  return finding('floating-promise', message, file, expression.getStart(file));
}

function finding(code: string, message: string, file: ts.SourceFile | undefined, start: number): TypeFinding {
  if (file === undefined) return { code, message, place: undefined, text: `${code}: ${message}` };
  const at = file.getLineAndCharacterOfPosition(start);
  const place = { path: file.fileName, line: at.line + 1, column: at.character + 1 };
  return { code, message, place, text: `${placeText(place)}: ${code}: ${message}\n\n${codeFrame(file.text, place)}` };
}
