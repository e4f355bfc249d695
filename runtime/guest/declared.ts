import { isBuiltInMetric } from '../core/built-in-metrics.ts';

/** Metrics that module level declared, in order; read once by the init pass. */
const declared = new Map<string, { name: string; type: string; unit: string }>();

/** Remembers a declaration. @throws TypeError when the name is taken by another type or unit, or one of stressrun's own */
export function declareMetric(name: string, type: string, unit: string): void {
  const known = declared.get(name);
  if (isBuiltInMetric(name))
    throw new TypeError(`metrics.${type}: ${JSON.stringify(name)} is a metric of stressrun's own: expected a name that is not taken`);
  if (known !== undefined && known.type !== type)
    throw new TypeError(`metrics.${type}: ${JSON.stringify(name)} is already a ${known.type}`);
  if (known !== undefined && known.unit !== unit)
    throw new TypeError(
      `metrics.${type}: ${JSON.stringify(name)} is already in the unit ${JSON.stringify(known.unit)}; got ${JSON.stringify(unit)}`,
    );
  declared.set(name, { name, type, unit });
}

export function declaredMetrics(): { name: string; type: string; unit: string }[] {
  return [...declared.values()];
}
