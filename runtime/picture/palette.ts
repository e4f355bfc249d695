/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Colours of shapes: saturated, and at least 50° of hue apart, so that lossy chroma cannot confuse two. */
export const PALETTE = {
  red: [220, 36, 36],
  yellow: [238, 206, 24],
  green: [32, 172, 60],
  cyan: [24, 198, 214],
  blue: [48, 56, 224],
  magenta: [214, 44, 206],
} as const satisfies Record<string, Rgb>;

export type ColourName = keyof typeof PALETTE;
export const COLOUR_NAMES = Object.keys(PALETTE) as readonly ColourName[];

/** Shapes, told apart by how much of its box each fills: 1, π/4 and 1/2. */
export const SHAPE_FILL = { square: 1, circle: Math.PI / 4, triangle: 0.5 } as const;

export type ShapeName = keyof typeof SHAPE_FILL;
export const SHAPE_NAMES = Object.keys(SHAPE_FILL) as readonly ShapeName[];

/** Largest minus smallest channel: 0 for grey; every colour of the palette has at least 140, every background at most 16. */
export function chromaOf(red: number, green: number, blue: number): number {
  return Math.max(red, green, blue) - Math.min(red, green, blue);
}

/** Angle on the colour wheel in degrees, 0 (red) to 360; 0 for grey too. */
export function hueOf(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const chroma = most - Math.min(red, green, blue);
  if (chroma === 0) return 0;
  if (most === red) return (60 * ((green - blue) / chroma) + 360) % 360;
  if (most === green) return 60 * ((blue - red) / chroma) + 120;
  return 60 * ((red - green) / chroma) + 240;
}
