import { build, encodeIntoCompressedBase64, type Histogram as HdrHistogram } from 'hdr-histogram-js';
import { BUCKET_VALUE_MAX } from '../core/buckets.ts';
import type { Histogram } from '../core/histogram.ts';

/** As an HdrHistogram of whole numbers, for files that others read; what is out of its range is at its edge. */
export function hdrOf(histogram: Histogram): HdrHistogram {
  const hdr = build({
    bitBucketSize: 64,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 2,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
  histogram.each(({ low }, count) => {
    hdr.recordValueWithCount(Math.min(Math.max(Math.round(low), 0), BUCKET_VALUE_MAX), count);
  });
  return hdr;
}

/** HdrHistogram's V2 encoding, compressed, in base64; null of nothing. */
export function encodedHdrOf(histogram: Histogram | undefined): string | null {
  return histogram === undefined || histogram.count === 0 ? null : encodeIntoCompressedBase64(hdrOf(histogram));
}
