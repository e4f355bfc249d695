/** Colours as they are now: asking the browser costs a layout. */
const known = new Map<string, string>();

/** A custom property of the style sheet, such as `--ink`, as a colour that a canvas understands. */
export function colourOf(property: string): string {
  const last = known.get(property);
  if (last !== undefined) return last;
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  known.set(property, color);
  return color;
}

/** To be called when light has become dark. */
export function forgetColours(): void {
  known.clear();
}
