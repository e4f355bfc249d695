import protobuf from 'protobufjs';
import { uncompress } from 'snappyjs';

/** A series of a remote write; labels in the order in which they came. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly { readonly value: number; readonly timestamp: number }[];
}

const schema = protobuf.Root.fromJSON({
  nested: {
    Label: { fields: { name: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } } },
    Sample: { fields: { value: { id: 1, type: 'double' }, timestamp: { id: 2, type: 'int64' } } },
    TimeSeries: {
      fields: { labels: { id: 1, rule: 'repeated', type: 'Label' }, samples: { id: 2, rule: 'repeated', type: 'Sample' } },
    },
    WriteRequest: { fields: { timeseries: { id: 1, rule: 'repeated', type: 'TimeSeries' } } },
  },
});

/** The body of a remote write, by other people's readers of Snappy and protobuf. @throws when it is none */
export function decodeWriteRequest(body: Buffer): WrittenSeries[] {
  const type = schema.lookupType('WriteRequest');
  const { timeseries = [] } = type.toObject(type.decode(uncompress(body)), { longs: Number, defaults: true }) as {
    timeseries?: { labels: { name: string; value: string }[]; samples: WrittenSeries['samples'] }[];
  };
  return timeseries.map(({ labels, samples }) => ({ labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])), samples }));
}
