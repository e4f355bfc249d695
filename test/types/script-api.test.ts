import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';
import { API_NAMES } from '../../runtime/bundle/script-api.ts';

const top = resolve(import.meta.dirname, '../..');
const typesPath = join(top, 'runtime/guest/stressrun.d.ts');

const strict: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2022.d.ts'],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  paths: { stressrun: [typesPath] },
};

function errorsOf(files: readonly string[], options: ts.CompilerOptions): string[] {
  return ts.getPreEmitDiagnostics(ts.createProgram(files, options)).map((each) => {
    const line = each.file === undefined ? 0 : each.file.getLineAndCharacterOfPosition(each.start ?? 0).line + 1;
    return `${each.file?.fileName.replace(`${top}/`, '')}:${line}: ${ts.flattenDiagnosticMessageText(each.messageText, ' ')}`;
  });
}

const uses = ['uses-of-api.ts', 'uses-of-globals.ts'].map((name) => join(import.meta.dirname, name));
const dom = ['lib.es2022.d.ts', 'lib.dom.d.ts'];

test.each<[settings: string, options: ts.CompilerOptions]>([
  ['no types but its own', {}],
  ["the DOM's types", { lib: dom }],
  ["Node's types", { types: ['node'] }],
  ["the DOM's and Node's types", { lib: dom, types: ['node'] }],
  ['the module resolution of Node', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ['exact optional properties and unchecked index access', { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }],
])('in a project with %s all right uses compile and all wrong ones are errors', (_, options) => {
  expect(errorsOf(uses, { ...strict, ...options })).toEqual([]);
});

test("beside Node's types our globals change none of theirs", () => {
  const text = `import { sleep } from 'stressrun';
import { readFileSync } from 'node:fs';
import { URL as NodeUrl } from 'node:url';
import { TextDecoder as NodeDecoder } from 'node:util';
export const url: NodeUrl = new URL('http://x');
export const back: URL = new NodeUrl('http://x');
export const decoder: NodeDecoder = new TextDecoder();
setTimeout(() => readFileSync(new URL('file:///x')), 5).unref();
performance.timerify(() => {});
console.table([], ['x']);
export { sleep };
`;
  expect(errorsOf([fileWith(text)], { ...strict, types: ['node'] })).toEqual([]);
});

test("beside the DOM's types our globals change none of theirs", () => {
  const text = `import { sleep } from 'stressrun';
export const timer: number = setTimeout(() => {}, 5);
export const subtle: SubtleCrypto = crypto.subtle;
export const isFatal: boolean = new TextDecoder().fatal;
export const blob: string = URL.createObjectURL(new Blob([]));
export { sleep };
`;
  expect(errorsOf([fileWith(text)], { ...strict, lib: dom })).toEqual([]);
});

test('the values of the types are the names that the bundler offers', () => {
  const program = ts.createProgram([typesPath], strict);
  const file = program.getSourceFile(typesPath);
  const module = file === undefined ? undefined : program.getTypeChecker().getSymbolAtLocation(file);
  const exported = module === undefined ? [] : program.getTypeChecker().getExportsOfModule(module);
  const values = exported.filter((symbol) => (symbol.flags & ts.SymbolFlags.Value) !== 0).map((symbol) => symbol.name);
  expect(values.sort()).toEqual([...API_NAMES].sort());
});

/** A TypeScript file in a project of its own that has this repository's `@types`. */
function fileWith(text: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stressrun-types-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of ['@types', 'undici-types']) symlinkSync(join(top, 'node_modules', name), join(folder, 'node_modules', name));
  writeFileSync(join(folder, 'x.ts'), text);
  return join(folder, 'x.ts');
}
