import { k6ValueOf } from './k6-value.ts';
import type { SampleFormat } from './sample-format.ts';

/**
 * k6's JSON lines: a metric before its first point, then points. Ours have the tags of our series: no `url`, no `proto`; and `period`.
 * @see https://grafana.com/docs/k6/latest/results-output/real-time/json/
 */
export function jsonFormat(): SampleFormat {
  const known = new Set<string>();
  return {
    header: '',
    writer({ metric, type, unit, period, tags }) {
      const [name, allTags] = [JSON.stringify(metric), JSON.stringify({ ...tags, period })];
      return {
        line(value, atUs) {
          const point = `{"metric":${name},"type":"Point","data":{"time":"${timeOf(atUs)}","value":${k6ValueOf(value, unit)},"tags":${allTags}}}\n`;
          if (known.has(metric)) return point;
          known.add(metric);
          const definition = { name: metric, type, contains: unit, thresholds: [], submetrics: null };
          return `${JSON.stringify({ type: 'Metric', data: definition, metric })}\n${point}`;
        },
      };
    },
  };
}

/** RFC 3339 with µs. */
function timeOf(us: number): string {
  const text = new Date(us / 1_000).toISOString();
  return `${text.slice(0, -1)}${String(Math.floor(us % 1_000)).padStart(3, '0')}Z`;
}
