/** Pixels of one label that hang together by their sides; edges are those of its outermost pixels. */
export interface Region {
  label: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Pixels. */
  area: number;
}

/**
 * The connected regions of a picture of labels, in reading order of their first pixel; label 0 is background.
 * Uses up `labels`: every pixel is 0 afterwards.
 */
export function regionsOf(labels: Uint8Array, width: number, height: number): Region[] {
  const regions: Region[] = [];
  const stack = new Int32Array(labels.length);
  for (let first = 0; first < labels.length; first++) {
    if (labels[first] !== 0) regions.push(flood(labels, first, { width, height, stack }));
  }
  return regions;
}

/** A pixel is cleared when it goes on the stack, so none goes there twice and the stack cannot overflow. */
function flood(labels: Uint8Array, first: number, { width, height, stack }: { width: number; height: number; stack: Int32Array }): Region {
  const label = labels[first] as number;
  const region: Region = { label, left: width, top: height, right: 0, bottom: 0, area: 0 };
  let depth = 0;
  const visit = (at: number): void => {
    if (labels[at] !== label) return;
    labels[at] = 0;
    stack[depth++] = at;
  };
  visit(first);
  while (depth > 0) {
    const at = stack[--depth] as number;
    const x = at % width;
    const y = (at - x) / width;
    region.area++;
    if (x < region.left) region.left = x;
    if (x > region.right) region.right = x;
    if (y < region.top) region.top = y;
    if (y > region.bottom) region.bottom = y;
    if (x > 0) visit(at - 1);
    if (x < width - 1) visit(at + 1);
    if (y > 0) visit(at - width);
    if (y < height - 1) visit(at + width);
  }
  return region;
}
