import type { PromFamily, PromPoint } from './prometheus-series.ts';

/**
 * Points in Prometheus' text format, those of a family together, behind what it is.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function prometheusText(points: readonly PromPoint[]): string {
  const families = new Map<string, { family: PromFamily; lines: string[] }>();
  for (const point of points) {
    const { family } = point;
    const known = families.get(family.name) ?? { family, lines: [] };
    known.lines.push(lineOf(point));
    families.set(family.name, known);
  }
  return [...families.values()]
    .flatMap(({ family: { name, help, type }, lines }) => [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines, ''])
    .join('\n');
}

function lineOf({ name, labels, value }: PromPoint): string {
  const list = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text).replaceAll('"', '\\"')}"`);
  return `${name}${list.length === 0 ? '' : `{${list.join(',')}}`} ${String(value).replace('Infinity', 'Inf')}`;
}

/** A line ends at a line feed, and at nothing else. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
