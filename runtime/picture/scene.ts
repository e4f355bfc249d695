import { hashOf, hashOfText, shuffled, uniformOf } from '../core/random.ts';
import { COLOUR_NAMES, type ColourName, type Rgb, SHAPE_NAMES, type ShapeName } from './palette.ts';
import type { SceneObject } from './picture.ts';
import type { ResolvedImageSpec } from './spec.ts';

/** One shape of a scene. The box is as wide as it is high. */
export interface SceneShape extends SceneObject {
  colour: ColourName;
  shape: ShapeName;
}

/** What a picture shows, before any pixel is drawn. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Nearly grey; its brightness changes by `slope` from top to bottom. */
  readonly background: Rgb;
  readonly slope: number;
  /** 2 to 6; no two touch, none touches the edge. */
  readonly shapes: readonly SceneShape[];
}

/** Share of the shorter side that a shape has at least, and that is left free around its cell. */
const SHAPE_SIDE_RATIO_MIN = 0.1;
const PAD_RATIO = 0.02;
/** Pixels; smaller shapes blur in lossy formats, which keep colour at half the resolution. Given up only where there is no room. */
const SHAPE_SIDE_MIN = 24;
/** Pictures whose shorter side is less have room for few shapes. */
const ROOMY_SIDE = 200;

/** A 32-bit hash of what decides a picture's pixels and bytes: not how many variants there are, nor what makes them unique. */
export function hashOfSpec(spec: ResolvedImageSpec): number {
  return hashOf(hashOfText('image'), spec.width, spec.height, spec.quality, hashOfText(spec.format), hashOfText(spec.content));
}

/**
 * Lays out picture `index` of a spec; the same arguments give the same scene on every machine.
 * The picture is cut into cells, and each shape gets a cell of its own, so nothing has to be tried twice.
 */
export function sceneOf(spec: ResolvedImageSpec, seed: number, index: number): Scene {
  const { width, height } = spec;
  const base = hashOf(seed, hashOfSpec(spec), index);
  const drawInteger = (min: number, max: number, ...at: number[]): number => min + Math.floor(uniformOf(base, ...at) * (max - min + 1));

  const shorter = Math.min(width, height);
  const pad = Math.max(1, Math.round(shorter * PAD_RATIO));
  const cells = cellsOf(width, height);
  const inner = Math.min(cells.width, cells.height) - 2 * pad;
  const sideMin = Math.min(inner, Math.max(SHAPE_SIDE_MIN, Math.ceil(shorter * SHAPE_SIDE_RATIO_MIN)));
  const count = drawInteger(2, Math.min(6, cells.indexes.length), 1);

  const shapes = shuffled(cells.indexes, base, 2)
    .slice(0, count)
    .map((cell, i): SceneShape => {
      const side = drawInteger(sideMin, inner, 3, i);
      const x = (cell % cells.columns) * cells.width + pad + drawInteger(0, cells.width - 2 * pad - side, 4, i);
      const y = Math.floor(cell / cells.columns) * cells.height + pad + drawInteger(0, cells.height - 2 * pad - side, 5, i);
      const colour = COLOUR_NAMES[drawInteger(0, COLOUR_NAMES.length - 1, 6, i)] as ColourName;
      const shape = SHAPE_NAMES[drawInteger(0, SHAPE_NAMES.length - 1, 7, i)] as ShapeName;
      return { class: `${colour}_${shape}`, colour, shape, box: [x, y, side, side] };
    });

  const grey = drawInteger(70, 170, 8);
  const background: Rgb = [grey + drawInteger(0, 8, 9), grey + drawInteger(0, 8, 10), grey + drawInteger(0, 8, 11)];
  return { width, height, background, slope: drawInteger(-30, 30, 12), shapes };
}

/** What is in picture `index` of a spec, before it is drawn. The guest asks too, for pictures that are drawn when they are used. */
export function objectsOf(spec: ResolvedImageSpec, seed: number, index: number): SceneObject[] {
  if (spec.content !== 'scene') return [];
  return sceneOf(spec, seed, index).shapes.map((shape) => ({ class: shape.class, box: shape.box }));
}

/** Name of picture `index` of a spec; it ends in the index. */
export function idOf(spec: ResolvedImageSpec, seed: number, index: number): string {
  return `${spec.content}-${hashOf(seed, hashOfSpec(spec)).toString(16).padStart(8, '0')}-${index}`;
}

/** Nearly square cells, about twelve (four in a small picture); there are at least two. */
function cellsOf(width: number, height: number): { columns: number; width: number; height: number; indexes: number[] } {
  const wanted = Math.min(width, height) < ROOMY_SIDE ? 4 : 12;
  const columns = Math.max(1, Math.round(Math.sqrt((wanted * width) / height)));
  const rows = Math.max(1, Math.ceil(wanted / columns));
  return {
    columns,
    width: Math.floor(width / columns),
    height: Math.floor(height / rows),
    indexes: Array.from({ length: columns * rows }, (_, i) => i),
  };
}
