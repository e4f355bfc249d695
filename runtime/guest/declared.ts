/** Metrics that module level declared, in order; read once by the init pass. */
const declared = new Map<string, { name: string; type: string; unit: string }>();

/** Remembers a declaration. @throws TypeError when the name is taken by another type */
export function declareMetric(name: string, type: string, unit: string): void {
  const known = declared.get(name);
  if (known !== undefined && known.type !== type)
    throw new TypeError(`metrics.${type}: ${JSON.stringify(name)} is already a ${known.type}`);
  declared.set(name, { name, type, unit });
}

export function declaredMetrics(): { name: string; type: string; unit: string }[] {
  return [...declared.values()];
}
