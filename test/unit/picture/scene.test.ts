import fc from 'fast-check';
import { expect, test } from 'vitest';
import { COLOUR_NAMES, chromaOf, hueOf, PALETTE, SHAPE_NAMES } from '../../../runtime/picture/palette.ts';
import { sceneOf } from '../../../runtime/picture/scene.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';

const spec = resolveImageSpec('image.pool', { width: 640, height: 480 });

test('seed 7, picture 0 of 640x480 has the same scene each time, and picture 1 and seed 8 have other ones', () => {
  expect(sceneOf(spec, 7, 0)).toEqual(sceneOf(spec, 7, 0));
  expect(sceneOf(spec, 7, 1)).not.toEqual(sceneOf(spec, 7, 0));
  expect(sceneOf(spec, 8, 0)).not.toEqual(sceneOf(spec, 7, 0));
});

test('a pool of 4 has the same first scenes as a pool of 32', () => {
  const small = resolveImageSpec('image.pool', { width: 640, height: 480, variants: 4, unique: 'bytes' });
  expect(sceneOf(small, 7, 3)).toEqual(sceneOf(spec, 7, 3));
});

test('1000 indexes from all over 32 bits give 1000 different scenes', () => {
  const scenes = Array.from({ length: 1000 }, (_, i) => JSON.stringify(sceneOf(spec, 7, i * 4_294_967)));
  expect(new Set(scenes).size).toBe(1000);
});

test('every scene of any size has 2 to 6 square boxes of at least 8 % of the shorter side, 2 px apart and 1 px from the edge', () => {
  const side = fc.integer({ min: 16, max: 3000 });
  fc.assert(
    fc.property(side, side, fc.nat(), fc.nat(999), (width, height, seed, index) => {
      const { shapes } = sceneOf(resolveImageSpec('image.pool', { width, height }), seed, index);
      expect(shapes.length).toBeGreaterThanOrEqual(2);
      expect(shapes.length).toBeLessThanOrEqual(6);
      for (const { box, class: name, colour, shape } of shapes) {
        const [x, y, w, h] = box;
        expect(box.every(Number.isInteger)).toBe(true);
        expect(w).toBe(h);
        expect(w).toBeGreaterThanOrEqual(0.08 * Math.min(width, height));
        expect(Math.min(x, y, width - x - w, height - y - h)).toBeGreaterThanOrEqual(1);
        expect(name).toBe(`${colour}_${shape}`);
      }
      for (const [i, { box: a }] of shapes.entries()) {
        for (const { box: b } of shapes.slice(i + 1)) {
          const gap = Math.max(b[0] - a[0] - a[2], a[0] - b[0] - b[2], b[1] - a[1] - a[3], a[1] - b[1] - b[3]);
          expect(gap).toBeGreaterThanOrEqual(2);
        }
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('200 scenes show all 18 classes and all counts from 2 to 6', () => {
  const scenes = Array.from({ length: 200 }, (_, i) => sceneOf(spec, 1, i));
  expect(new Set(scenes.flatMap(({ shapes }) => shapes.map((shape) => shape.class))).size).toBe(COLOUR_NAMES.length * SHAPE_NAMES.length);
  expect([...new Set(scenes.map(({ shapes }) => shapes.length))].sort()).toEqual([2, 3, 4, 5, 6]);
});

test('colours have a chroma of at least 140 and are at least 50° of hue apart; backgrounds have at most 16', () => {
  const colours = COLOUR_NAMES.map((name): readonly [number, number, number] => PALETTE[name]);
  expect(Math.min(...colours.map((colour) => chromaOf(...colour)))).toBeGreaterThanOrEqual(140);
  const hues = colours.map((colour) => hueOf(...colour)).sort((a, b) => a - b);
  const gaps = hues.map((hue, i) => ((hues[(i + 1) % hues.length] as number) - hue + 360) % 360);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(50);
  const backgrounds = Array.from({ length: 200 }, (_, i) => chromaOf(...sceneOf(spec, 1, i).background));
  expect(Math.max(...backgrounds)).toBeLessThanOrEqual(16);
});
