import { readFileSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { codeFrameColumns } from '@babel/code-frame';

/** A place in a source file. */
export interface SourcePlace {
  /** Absolute. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A path as people know it: relative to the working folder when it lies below, else absolute. */
export function displayPath(path: string, cwd: string = process.cwd()): string {
  const below = relative(cwd, path);
  const isBelow = below !== '' && below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below);
  return isBelow ? below.split(sep).join('/') : path;
}

/** `scripts/predict.ts:12:5` */
export function placeText(place: SourcePlace): string {
  return `${displayPath(place.path)}:${place.line}:${place.column}`;
}

/** The line of a place with two lines around it and a mark under the column, without colours. */
export function codeFrame(source: string, place: Pick<SourcePlace, 'line' | 'column'>): string {
  return codeFrameColumns(source, { start: { line: place.line, column: place.column } }, { linesAbove: 2, linesBelow: 2 });
}

/** As {@link codeFrame}, from the file itself; empty when it cannot be read. */
export function codeFrameOfFile(place: SourcePlace): string {
  try {
    return codeFrame(readFileSync(place.path, 'utf8'), place);
  } catch {
    return '';
  }
}
