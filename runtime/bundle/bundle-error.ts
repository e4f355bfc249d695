import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import type { Message } from 'esbuild';
import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import { insteadOfNodeModule } from './explain-script-error.ts';
import { insteadOfJslib, insteadOfK6, insteadOfName } from './other-tools.ts';
import { API_NAMES, NETWORK_IMPORT } from './script-api.ts';
import { nearestFile } from './script-file.ts';
import { codeFrameOfFile, displayPath, placeText, type SourcePlace } from './source-place.ts';

interface Problem {
  readonly text: string;
  readonly hint?: string;
}

/** How many of the bundler's messages are told; the rest are mostly consequences. */
const PROBLEMS_MAX = 5;

/** What the bundler found, as one error: the first with its frame and hint, the others a line each. */
export function bundleError(messages: readonly Message[], root: string, scriptPath: string): ConfigError {
  const told = messages.slice(0, PROBLEMS_MAX).map((message) => {
    const place = placeOf(message, root);
    return { place, where: place === undefined ? displayPath(scriptPath) : placeText(place), ...problemOf(message, root) };
  });
  const [first, ...others] = told;
  if (first === undefined) return new ConfigError(displayPath(scriptPath), 'the script cannot be bundled');
  const frame = first.place === undefined ? '' : codeFrameOfFile(first.place);
  const rest = others.map((other) => `${other.where}: ${other.text}`);
  if (messages.length > PROBLEMS_MAX) rest.push(`and ${messages.length - PROBLEMS_MAX} more`);
  const parts = [first.text, frame, rest.join('\n')].filter((part) => part !== '');
  return new ConfigError(first.where, parts.join('\n\n'), first.hint === undefined ? {} : { hint: first.hint });
}

/** A warning of the bundler in one line. */
export function warningText(message: Message, root: string): string {
  const place = placeOf(message, root);
  const text = message.id === 'empty-import-meta' ? 'import.meta is empty in a script' : message.text;
  return place === undefined ? text : `${placeText(place)}: ${text}`;
}

/** esbuild only warns of a name that a namespace import does not have; when the namespace is ours that is an error. */
export function isUnknownApiName(message: Message): boolean {
  return message.id === 'import-is-undefined' && message.text.includes('"stressrun:stressrun"');
}

function placeOf(message: Message, root: string): SourcePlace | undefined {
  const at = message.location;
  if (at === null || at.namespace !== '' || at.file === '') return undefined;
  const column = Buffer.from(at.lineText).subarray(0, at.column).toString().length + 1; // esbuild counts bytes
  return { path: resolve(root, at.file), line: at.line, column };
}

function problemOf(message: Message, root: string): Problem {
  const { text } = message;
  if (text.startsWith('Top-level await')) {
    return {
      text: 'await is not allowed at module level, which runs synchronously once per VU',
      hint: 'use setup() for what is done once per run, vuSetup() for what is done once per VU',
    };
  }
  const apiName =
    text.match(/"stressrun:stressrun" for import "([^"]+)"/)?.[1] ??
    (isUnknownApiName(message) ? text.match(/^Import "([^"]+)"/)?.[1] : undefined);
  if (apiName !== undefined) return unknownApiName(apiName);
  const unresolved = text.match(/^Could not resolve "([^"]+)"/)?.[1];
  if (unresolved !== undefined) return unresolvedImport(unresolved, message, root);
  const extension = text.match(/^No loader is configured for "([^"]+)" files/)?.[1];
  if (extension !== undefined)
    return { text: `cannot import a ${extension} file: expected TypeScript, JavaScript or JSON`, hint: insteadOfImporting(extension) };
  const notes = message.notes.map((note) => note.text).filter((note) => note !== '');
  return notes.length === 0 ? { text } : { text, hint: notes.join(' ') };
}

function unknownApiName(name: string): Problem {
  const allowed = `expected one of ${API_NAMES.join(', ')}`;
  if (name === 'default')
    return { text: "'stressrun' has no default export", hint: "import by name: import { http, check } from 'stressrun'" };
  const instead = insteadOfName(name);
  if (instead !== undefined) return { text: `'stressrun' exports no ${JSON.stringify(name)}`, hint: `here it is ${instead}` };
  if (/^[A-Z]/.test(name))
    return { text: `'stressrun' exports no value ${JSON.stringify(name)}; ${allowed}`, hint: 'types are imported by: import type { … }' };
  const nearest = nearestOf(name, API_NAMES);
  return {
    text: `'stressrun' exports no ${JSON.stringify(name)}; ${allowed}`,
    ...(nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }),
  };
}

function unresolvedImport(name: string, message: Message, root: string): Problem {
  if (isBuiltin(name) || name.startsWith('node:')) {
    return {
      text: `cannot import ${JSON.stringify(name)}${byPackage(message)}: scripts run in a sandbox without Node's modules`,
      hint: insteadOfNodeModule(name),
    };
  }
  if (NETWORK_IMPORT.test(name))
    return {
      text: `cannot import ${JSON.stringify(name)}: scripts cannot import over the network`,
      hint: insteadOfJslib(name) ?? 'npm install the package, or keep a copy of the file beside the script and import that',
    };
  if (name.startsWith('.') || name.startsWith('/')) {
    const nearest = nearestFile(resolve(root, dirname(message.location?.file ?? ''), name));
    return {
      text: `cannot find the file ${JSON.stringify(name)}`,
      ...(nearest === undefined ? {} : { hint: `did you mean ${displayPath(nearest)}?` }),
    };
  }
  const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
  if (packageName === 'k6')
    return {
      text: `cannot import ${JSON.stringify(name)}`,
      hint: insteadOfK6(name),
    };
  if (nearestOf(packageName, ['stressrun']) !== undefined)
    return { text: `cannot find the module ${JSON.stringify(name)}`, hint: "did you mean 'stressrun'?" };
  if (isInstalled(packageName, message, root))
    return {
      text: `the package ${packageName} is installed, but has nothing at ${JSON.stringify(name)}`,
      hint: `see "exports" in its package.json`,
    };
  return { text: `cannot find the package ${JSON.stringify(packageName)}${byPackage(message)}`, hint: `npm install ${packageName}` };
}

/** `, which the package x needs`; empty when a file of the user's own imports it. */
function byPackage(message: Message): string {
  const inside = (message.location?.file ?? '').split('node_modules/').slice(1).at(-1);
  if (inside === undefined) return '';
  return `, which the package ${inside.split('/', inside.startsWith('@') ? 2 : 1).join('/')} needs`;
}

function isInstalled(packageName: string, message: Message, root: string): boolean {
  let folder = resolve(root, dirname(message.location?.file ?? ''));
  while (!existsSync(join(folder, 'node_modules', packageName))) {
    if (folder === dirname(folder)) return false;
    folder = dirname(folder);
  }
  return true;
}

function insteadOfImporting(extension: string): string {
  if (/^\.(?:png|jpe?g|webp|gif|avif|svg|bmp|tiff?)$/i.test(extension)) return 'load pictures with image.file() or image.folder()';
  if (/^\.[ct]sv$/i.test(extname(`x${extension}`))) return 'load rows with data.csv()';
  if (/^\.ya?ml$/i.test(extension)) return 'config.yaml is there as config; other files can be JSON';
  return 'load data with data.csv() or data.json()';
}
