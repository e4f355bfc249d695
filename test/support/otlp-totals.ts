import { metricsOf } from './sink.ts';

/** Of an OTLP export: the sums, each over all its points, by name. */
export function otlpTotals(body: Buffer): Map<string, number> {
  return new Map(
    metricsOf(body).flatMap(({ name, sum }) => {
      if (sum === undefined) return [];
      return [[name, sum.dataPoints.reduce((total, { asDouble, asInt }) => total + (asDouble ?? asInt ?? 0), 0)] as const];
    }),
  );
}
