import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import type { MetricDefinition } from '../core/records.ts';
import { parseThresholdExpression, parseThresholdKey } from '../core/threshold.ts';
import type { ScriptFacts } from './script-facts.ts';
import { expressionTexts, shortPlan } from './threshold-forms.ts';
import type { Expressions, ShortThresholdName, ShortThresholds, ThresholdSettings } from './threshold-schema.ts';
import { SHORT_THRESHOLD_NAMES } from './threshold-schema.ts';
import { guessOf, namesOf } from './unknown-name.ts';

/** Thresholds of one place, such as config.yaml or a profile. */
export interface ThresholdLayer {
  /** Key path of the place, such as `thresholds` or `options.thresholds`. */
  readonly where: string;
  readonly settings: ThresholdSettings;
  /** Whether several scripts share it: then a task that only others have is no mistake. */
  readonly isShared: boolean;
}

interface Entry {
  readonly where: string;
  readonly task: string | undefined;
  readonly isShared: boolean;
  readonly form:
    | { readonly kind: 'short'; readonly name: ShortThresholdName; readonly value: string | number }
    | { readonly kind: 'expressions'; readonly key: string; readonly expressions: Expressions };
}

/**
 * Thresholds of all layers, merged by key: a later layer replaces what an earlier one says under the same key.
 * @param notes - gets a line for each threshold that is left out
 * @throws {ConfigError} for unknown metrics and tasks, and malformed expressions
 */
export function resolveThresholds(
  layers: readonly ThresholdLayer[],
  script: Pick<ScriptFacts, 'metrics' | 'taskNames' | 'isTaskListComplete'>,
  notes: string[],
): ThresholdPlan[] {
  const definitions = new Map([...BUILT_IN_METRICS, ...script.metrics].map((definition) => [definition.name, definition]));
  const entries = new Map<string, Entry>();
  for (const layer of layers) for (const [key, entry] of entriesOf(layer, definitions)) entries.set(key, entry);
  return [...entries.values()].filter((entry) => hasItsTask(entry, script, notes)).flatMap((entry) => plansOf(entry, definitions, notes));
}

/** Entries by the key under which they merge: `max_p95`, `health/max_p95`, `metric{tag:value}` with sorted tags. */
function entriesOf(
  { where, settings, isShared }: ThresholdLayer,
  definitions: ReadonlyMap<string, MetricDefinition>,
): [key: string, entry: Entry][] {
  const entries: [string, Entry][] = [];
  const addShort = (short: ShortThresholds, place: string, task: string | undefined): void => {
    for (const name of SHORT_THRESHOLD_NAMES) {
      const value = short[name];
      if (value !== undefined)
        entries.push([
          task === undefined ? name : `${task}/${name}`,
          { where: `${place}.${name}`, task, isShared, form: { kind: 'short', name, value } },
        ]);
    }
  };
  addShort(settings, where, undefined);
  for (const [key, value] of Object.entries(settings)) {
    if (isShortName(key) || value === undefined) continue;
    if (typeof value === 'object' && !Array.isArray(value)) {
      addShort(value as ShortThresholds, `${where}.${key}`, key);
      continue;
    }
    const place = /^\w+$/.test(key) ? `${where}.${key}` : `${where}[${JSON.stringify(key)}]`;
    const { metric, tags } = parseThresholdKey(place, key);
    if (!definitions.has(metric)) throw unknownMetric(place, metric, [...definitions.keys()]);
    const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
    entries.push([
      `${metric}${JSON.stringify(sorted)}`,
      { where: place, task: undefined, isShared, form: { kind: 'expressions', key, expressions: value as Expressions } },
    ]);
  }
  return entries;
}

function plansOf({ where, task, form }: Entry, definitions: ReadonlyMap<string, MetricDefinition>, notes: string[]): ThresholdPlan[] {
  if (form.kind === 'short') return [shortPlan(where, form, task)];
  const { metric, tags } = parseThresholdKey(where, form.key);
  const definition = definitions.get(metric) as MetricDefinition;
  return expressionTexts(form.expressions, notes, where).map((text) => ({
    source: where,
    expression: `${form.key.trim()}: ${text.trim()}`,
    metric,
    tags,
    parsed: parseThresholdExpression(where, text, definition),
    special: undefined,
  }));
}

function hasItsTask(
  { where, task, isShared }: Entry,
  { taskNames, isTaskListComplete }: Pick<ScriptFacts, 'taskNames' | 'isTaskListComplete'>,
  notes: string[],
): boolean {
  if (task === undefined || taskNames.includes(task)) return true;
  if (taskNames.length === 0 && isTaskListComplete !== true) return true;
  const nearest = nearestOf(task, taskNames);
  if (!isShared)
    throw new ConfigError(
      where,
      `expected a task of the script, one of ${namesOf(taskNames)}; got ${JSON.stringify(task)}${guessOf(task, taskNames)}`,
    );
  notes.push(
    `${where} is left out: the script has no task ${JSON.stringify(task)}${nearest === undefined ? '' : `; did you mean "${nearest}"?`}`,
  );
  return false;
}

function unknownMetric(where: string, metric: string, known: readonly string[]): ConfigError {
  return new ConfigError(
    where,
    `expected a metric, one of ${namesOf([...known].sort())}, or one of ${SHORT_THRESHOLD_NAMES.join(', ')}; got ${JSON.stringify(metric)}${guessOf(metric, [...SHORT_THRESHOLD_NAMES, ...known])}`,
    {
      hint: 'a metric of the script must be made at its top level',
    },
  );
}

function isShortName(key: string): boolean {
  return (SHORT_THRESHOLD_NAMES as string[]).includes(key);
}
