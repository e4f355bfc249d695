import type { RgbPicture } from '../image/pixels.ts';
import {
  COLOUR_NAMES,
  type ColourName,
  chromaOf,
  hueOf,
  PALETTE,
  type Rgb,
  SHAPE_FILL,
  SHAPE_NAMES,
  type ShapeName,
} from '../picture/palette.ts';
import { type Region, regionsOf } from './regions.ts';

/** A thing the demo model sees; `box` is in whole pixels of the picture as it was sent. */
export interface Prediction {
  class: string;
  /** 0 to 1. */
  confidence: number;
  box: [x: number, y: number, width: number, height: number];
}

/** Pixels the model looks at; 640x480 comes down to 320x240, 1920x1080 to 480x270. */
export const PIXELS_WANTED = 172_800;

/** A pixel belongs to a shape when at least half of it does: its chroma is then half of the colour's. */
const COVERAGE_MIN = 0.5;
/** Degrees of hue between a pixel and its colour; colours are 50 and more apart. */
const HUE_DISTANCE_MAX = 20;
/** Share of the shorter side that a shape's box has at least; smaller regions are specks of a photograph. */
const SIDE_RATIO_MIN = 0.06;
const CONFIDENCE_MIN = 0.5;

const COLOURS = COLOUR_NAMES.map((name): Rgb => PALETTE[name]);
const HUES = COLOURS.map((colour) => hueOf(...colour));
const CHROMAS = COLOURS.map((colour) => chromaOf(...colour));

/** Nearest colour by whole degree of hue, as index + 1; 0 where none is near enough. */
const COLOUR_AT_HUE = Uint8Array.from({ length: 361 }, (_, hue) => HUES.findIndex((own) => hueDistance(own, hue) <= HUE_DISTANCE_MAX) + 1);
/** Least chroma of any colour at half coverage: the quick test that most pixels fail. */
const CHROMA_MIN = Math.min(...CHROMAS) * COVERAGE_MIN;

/**
 * Finds coloured squares, circles and triangles by looking at the pixels alone, larger ones first.
 * @see SHAPE_FILL for how shapes are told apart
 */
export function detect(picture: RgbPicture): Prediction[] {
  const { width, height, source } = picture;
  const sideMin = Math.max(3, Math.min(width, height) * SIDE_RATIO_MIN);
  return regionsOf(labelsOf(picture), width, height)
    .filter((region) => widthOf(region) >= sideMin && heightOf(region) >= sideMin)
    .map((region) => predictionOf(region, source.width / width, source.height / height))
    .filter((prediction) => prediction.confidence >= CONFIDENCE_MIN)
    .sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3] || a.box[1] - b.box[1] || a.box[0] - b.box[0]);
}

function labelsOf({ pixels, width, height }: RgbPicture): Uint8Array {
  const labels = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < labels.length; at++, from += 3) {
    const red = pixels[from] as number;
    const green = pixels[from + 1] as number;
    const blue = pixels[from + 2] as number;
    const chroma = chromaOf(red, green, blue);
    if (chroma < CHROMA_MIN) continue;
    const label = COLOUR_AT_HUE[Math.round(hueOf(red, green, blue))] as number;
    if (label !== 0 && chroma >= (CHROMAS[label - 1] as number) * COVERAGE_MIN) labels[at] = label;
  }
  return labels;
}

function predictionOf(region: Region, scaleX: number, scaleY: number): Prediction {
  const fill = region.area / (widthOf(region) * heightOf(region));
  const shape = nearestShape(fill);
  const elongation = Math.abs(widthOf(region) - heightOf(region)) / Math.max(widthOf(region), heightOf(region));
  const confidence = Math.max(0, 1 - 2 * Math.abs(fill - SHAPE_FILL[shape]) - elongation);
  const left = Math.round(region.left * scaleX);
  const top = Math.round(region.top * scaleY);
  return {
    class: `${COLOUR_NAMES[region.label - 1] as ColourName}_${shape}`,
    confidence: Math.round(confidence * 1000) / 1000,
    box: [left, top, Math.round((region.right + 1) * scaleX) - left, Math.round((region.bottom + 1) * scaleY) - top],
  };
}

function nearestShape(fill: number): ShapeName {
  return SHAPE_NAMES.reduce((best, name) => (Math.abs(SHAPE_FILL[name] - fill) < Math.abs(SHAPE_FILL[best] - fill) ? name : best));
}

function hueDistance(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360;
  return Math.min(apart, 360 - apart);
}

const widthOf = (region: Region): number => region.right - region.left + 1;
const heightOf = (region: Region): number => region.bottom - region.top + 1;
