import { readFileSync } from 'node:fs';
import { isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { ConfigError } from '../core/errors.ts';

/** A YAML file as plain values, with the places they came from. */
export interface YamlFile {
  /** Absolute. */
  readonly path: string;
  readonly value: unknown;
  /** 1-based line of a key path, or of the nearest thing around it that exists. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

/** How often anchors may be repeated: a file may not unfold into gigabytes. */
const ALIASES_MAX = 100;

/** @throws {ConfigError} when it cannot be read, or is no YAML: then with line, column and the lines around */
export function readYamlFile(path: string): YamlFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(path, `expected a readable YAML file; got ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      cause: error,
    });
  }
  return parseYaml(path, text);
}

function parseYaml(path: string, text: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter });
  const [error] = document.errors;
  if (error !== undefined) {
    const [start] = error.linePos ?? [];
    // The message ends in a frame: the line, and a caret below it.
    const message = error.message.replace(/ at line \d+, column \d+(?=:)/, '');
    throw new ConfigError(start === undefined ? path : `${path}:${start.line}:${start.col}`, message.trimEnd(), { cause: error });
  }
  // names are as they are written: 1.10 is not 1.1, nor 007 seven
  visit(document, {
    Pair(_, { key }) {
      if (isScalar(key) && ['number', 'bigint', 'boolean'].includes(typeof key.value) && key.source !== undefined) key.value = key.source;
    },
  });
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw new ConfigError(path, (cause as Error).message, { cause });
  }
  return {
    path,
    value,
    lineOf(keys) {
      for (let length = keys.length; length > 0; length--) {
        const node = document.getIn(keys.slice(0, length), true) as { range?: [number, number, number] } | undefined;
        if (node?.range != null) return lineCounter.linePos(node.range[0]).line;
      }
      return undefined;
    },
  };
}
