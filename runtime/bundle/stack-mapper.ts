import { resolve } from 'node:path';
import { GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND, originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import { explainScriptError } from './explain-script-error.ts';
import { SCRIPT_FILE } from './factory.ts';
import { API_NAMESPACE } from './script-api.ts';
import { codeFrame, placeText, type SourcePlace } from './source-place.ts';

interface MappedPlace extends SourcePlace {
  /** Name in the source map. */
  readonly source: string;
}

const escapedFile = SCRIPT_FILE.replace('.', '\\.');
const PLACE = new RegExp(`(?<![\\w./-])${escapedFile}:(\\d+):(\\d+)`, 'g');
/** `    at name (scenario.js:12:5)` or `    at scenario.js:12:5` */
const FRAME = new RegExp(`^\\s*at (?:(.+) \\()?${escapedFile}:(\\d+):(\\d+)\\)?$`);
/** Any other file is the guest's, the runner's or Node's; vm2 prints frames that it hides as `CallSite {}`. */
const FOREIGN_FRAME = /^\s+at .*(?::\d+:\d+\)?|CallSite \{\})$/;

/** Turns places in the evaluated bundle back into places in the user's sources. */
export class StackMapper {
  readonly #map: TraceMap;
  readonly #lineOffset: number;
  readonly #root: string;

  /** @param root - absolute folder that the map's sources are relative to */
  constructor(mapText: string, lineOffset: number, root: string) {
    this.#map = new TraceMap(mapText);
    this.#lineOffset = lineOffset;
    this.#root = root;
  }

  /** The stack with the user's files and lines; frames of the runner and of the bundler's glue are left out. Lines are exact, columns approximate. */
  mapStack(stack: string): string {
    return stack
      .split('\n')
      .flatMap((line) => this.#mapLine(line))
      .join('\n');
  }

  /** Two lines around the first frame in the user's own files, else in any file; undefined when no frame has a source. */
  frameOf(stack: string): string | undefined {
    const places = stack.split('\n').flatMap((line) => {
      const [, , row, column] = line.match(FRAME) ?? [];
      return row === undefined ? [] : (this.#placeOf(Number(row), Number(column)) ?? []);
    });
    const place = places.find((each) => !each.source.includes('node_modules/')) ?? places[0];
    if (place === undefined) return undefined;
    const source = sourceContentFor(this.#map, place.source);
    return source === null ? undefined : codeFrame(source, place);
  }

  /**
   * For people: message, frames in their files, code frame, and what to do when the sandbox lacks something.
   * @param stack - as V8 prints it, its frames naming places in the bundle; or a message alone
   */
  renderScriptError(stack: string): string {
    const lines = stack.split('\n');
    const firstFrame = lines.findIndex((line) => /^\s+at /.test(line));
    const head = lines.slice(0, firstFrame === -1 ? undefined : firstFrame).join('\n');
    const frames = firstFrame === -1 ? '' : this.mapStack(lines.slice(firstFrame).join('\n'));
    const title = this.mapStack(head);
    return [[title, frames].filter((part) => part !== '').join('\n'), this.frameOf(stack), explainScriptError(head)]
      .filter((part) => part !== undefined && part !== '')
      .join('\n\n');
  }

  #mapLine(line: string): string[] {
    const frame = line.match(FRAME);
    if (frame !== null) {
      const place = this.#placeOf(Number(frame[2]), Number(frame[3]));
      if (place === undefined) return [];
      const name = sourceName(frame[1]);
      return [name === '' ? `    at ${placeText(place)}` : `    at ${name} (${placeText(place)})`];
    }
    if (FOREIGN_FRAME.test(line)) return [];
    return [
      line.replace(PLACE, (text, row: string, column: string) => {
        const place = this.#placeOf(Number(row), Number(column));
        return place === undefined ? text : placeText(place);
      }),
    ];
  }

  /** @param row - line of the evaluated text, from 1; @param column - from 1, possibly shifted by what vm2 inserts before it */
  #placeOf(row: number, column: number): MappedPlace | undefined {
    const needle = { line: row - this.#lineOffset, column: Math.max(0, column - 1) };
    if (needle.line < 1) return undefined;
    for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
      const found = originalPositionFor(this.#map, { ...needle, bias });
      if (found.source === null) continue;
      if (found.source.startsWith(`${API_NAMESPACE}:`)) return undefined;
      return { source: found.source, path: resolve(this.#root, found.source), line: found.line, column: found.column + 1 };
    }
    return undefined;
  }
}

/** The bundler calls an anonymous default export `predict_default`; V8 a nameless function `<anonymous>`. */
function sourceName(name: string | undefined): string {
  if (name === undefined) return '';
  return name.replace(/\b\w+_default\d*$/, 'default').replace(/^<anonymous>$/, '');
}
