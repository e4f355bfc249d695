/** One line: a measurement, its tags, its fields and when it was. */
export interface InfluxPoint {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  /** At least one. */
  readonly fields: Readonly<Record<string, number>>;
  /** Unix ms. */
  readonly timestamp: number;
}

/**
 * Points in InfluxDB's line protocol with times in ms, tags and fields by name; tags without a value are left out.
 * @see https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
export function lineProtocol(points: readonly InfluxPoint[]): string {
  return points.map(lineOf).join('\n');
}

function lineOf({ measurement, tags, fields, timestamp }: InfluxPoint): string {
  const named = byName(tags).map(([tag, text]) => [escaped(tag, /[,= ]/g), escaped(text, /[,= ]/g)]);
  const list = named.flatMap(([tag, text]) => (tag === '' || text === '' ? [] : [`,${tag}=${text}`]));
  const values = byName(fields).map(([field, value]) => `${escaped(field, /[,= ]/g)}=${value}`);
  return `${escaped(measurement, /[, ]/g)}${list.join('')} ${values.join(',')} ${timestamp}`;
}

function byName<Value>(all: Readonly<Record<string, Value>>): [string, Value][] {
  return Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A line ends at a newline, and a backslash at the end would take the separator with it. */
function escaped(text: string, separators: RegExp): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/\\+$/, '')
    .replace(separators, '\\$&');
}
