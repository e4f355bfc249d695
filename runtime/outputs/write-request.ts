import type { Labels, PromPoint } from './prometheus-series.ts';

/** A label's name and value, a sample's value, and the time of one: wire types of protobuf behind the number of the field. */
const [DOUBLE_1, VARINT_2] = [0x09, 0x10];

/**
 * Prometheus' `WriteRequest` in protobuf: series with their labels by name, each with one sample. Labels are encoded once, since they are the same in each push.
 * @see https://prometheus.io/docs/specs/prw/remote_write_spec/#protocol
 */
export class WriteRequests {
  readonly #labels = new WeakMap<Labels, Map<string, Buffer>>();

  /** @param atMs - of all samples, Unix ms */
  encode(points: readonly PromPoint[], atMs: number): Buffer {
    const time = Buffer.from([VARINT_2, ...varint(atMs)]);
    const series = points.map((point) => {
      const sample = Buffer.alloc(9 + time.length);
      sample[0] = DOUBLE_1;
      sample.writeDoubleLE(point.value, 1);
      time.copy(sample, 9);
      return field(1, Buffer.concat([this.#labelsOf(point), field(2, sample)]));
    });
    return Buffer.concat(series);
  }

  #labelsOf({ name, labels }: PromPoint): Buffer {
    const known = this.#labels.get(labels) ?? new Map<string, Buffer>();
    this.#labels.set(labels, known);
    const bytes = known.get(name) ?? labelsOf(name, labels);
    known.set(name, bytes);
    return bytes;
  }
}

function labelsOf(name: string, labels: Labels): Buffer {
  const sorted = Object.entries({ ...labels, __name__: name }).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(sorted.map((label) => field(1, Buffer.concat(label.map((text, i) => field(i + 1, Buffer.from(text)))))));
}

/** A field that says how long it is: a text or a message. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

/** Seven bits a byte, the lowest first. @param value - an integer from 0 on, beyond 32 bits too */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}
