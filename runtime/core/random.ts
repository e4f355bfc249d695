/**
 * Counter-based random numbers: a value is a pure function of its coordinates, so a run repeats from its seed
 * on any number of workers, and no generator state is shared or sent.
 * The mixer is the 32-bit finalizer of MurmurHash3, applied per coordinate.
 * @see https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */

/** A well mixed 32-bit hash of integer coordinates. */
export function hashOf(...coordinates: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const coordinate of coordinates) hash = mix(hash, coordinate);
  return hash;
}

function mix(hash: number, coordinate: number): number {
  let h = (Math.imul(hash ^ (coordinate | 0), 0xcc9e2d51) + 0x6d2b79f5) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A number in [0, 1) that depends on the coordinates alone. */
export function uniformOf(...coordinates: readonly number[]): number {
  return hashOf(...coordinates) / 4_294_967_296;
}

/** A 32-bit hash of a text, for using names as coordinates (FNV-1a, then mixed). */
export function hashOfText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h >>> 0, text.length);
}

/** The items in an order that depends on the coordinates alone (Fisher–Yates). */
export function shuffled<T>(items: readonly T[], ...coordinates: readonly number[]): T[] {
  const out = [...items];
  const base = hashOf(...coordinates);
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(uniformOf(base, i) * (i + 1));
    const swapped = out[i] as T;
    out[i] = out[j] as T;
    out[j] = swapped;
  }
  return out;
}
