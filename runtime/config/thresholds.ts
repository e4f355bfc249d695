import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { ConfigError } from '../core/errors.ts';
import type { ThresholdExpression, ThresholdPlan } from '../core/plan.ts';
import { lengthOf } from '../core/plan-length.ts';
import type { MetricDefinition } from '../core/records.ts';
import { HTTP } from '../core/roles.ts';
import { parseThresholdExpression, parseThresholdKey } from '../core/threshold.ts';
import { formatDurationUs } from '../core/units.ts';
import { expressionsOf, shortPlan, written } from './threshold-forms.ts';
import type { MatchContext } from './threshold-match.ts';
import { mismatchOf } from './threshold-match.ts';
import type { Expressions, ShortThreshold, ShortThresholdName, ShortThresholds, ThresholdSettings } from './threshold-schema.ts';
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
    | { readonly kind: 'short'; readonly name: ShortThresholdName; readonly value: ShortThreshold }
    | { readonly kind: 'expressions'; readonly key: string; readonly expressions: Expressions };
}

/**
 * Thresholds of all layers, merged by key: a later layer replaces what an earlier one says under the same key.
 * @param notes - gets a line for each threshold that is left out, or can match nothing
 * @throws {ConfigError} for unknown metrics and tasks, and malformed expressions
 */
export function resolveThresholds(layers: readonly ThresholdLayer[], context: MatchContext, notes: string[]): ThresholdPlan[] {
  const definitions = new Map([...BUILT_IN_METRICS, ...context.script.metrics].map((definition) => [definition.name, definition]));
  const entries = new Map<string, Entry>();
  for (const layer of layers) for (const [key, entry] of entriesOf(layer, definitions)) entries.set(key, entry);
  return [...entries.values()].flatMap((entry) => {
    const plans = plansOf(entry, { definitions, context, notes });
    for (const plan of plans) tellLongWindow(plan, context, notes);
    const [first] = plans; // all of an entry have its tags
    return first === undefined || canMatch(first, entry, { definitions, context, notes }) ? plans : [];
  });
}

interface Resolution {
  readonly definitions: ReadonlyMap<string, MetricDefinition>;
  readonly context: MatchContext;
  readonly notes: string[];
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
    if (typeof value === 'object' && !Array.isArray(value) && !('threshold' in value) && !('expression' in value)) {
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

function plansOf({ where, task, form }: Entry, { definitions, notes }: Resolution): ThresholdPlan[] {
  if (form.kind === 'short') return [shortPlan(where, form, task)];
  const { metric, tags } = parseThresholdKey(where, form.key);
  const definition = definitions.get(metric) as MetricDefinition;
  return expressionsOf(form.expressions, notes, where).map(({ text, abort }) => {
    const parsed = parseThresholdExpression(where, text, definition);
    if (abort !== undefined) requireMissable(where, { text, parsed, abort, definition });
    if (metric === HTTP.failed && parsed.aggregate.kind === 'fails')
      notes.push(`${where}: fails of ${HTTP.failed} are the requests that did not fail; passes are those that did`);
    return {
      source: where,
      ...written(form.key.trim(), text.trim()),
      metric,
      tags,
      parsed,
      special: undefined,
      ...(abort === undefined ? {} : { abort }),
    };
  });
}

/** A number that only grows is below any lower bound when a run begins: ending the run for it would end every run. */
function requireMissable(
  where: string,
  what: { text: string; parsed: ThresholdExpression; abort: { delayUs: number }; definition: MetricDefinition },
): void {
  const { parsed, abort, definition } = what;
  const { kind } = parsed.aggregate;
  const isGrowing = kind === 'count' || kind === 'passes' || kind === 'fails' || (kind === 'rate' && definition.type === 'counter');
  if (parsed.window !== undefined || abort.delayUs > 0 || !isGrowing || !['>', '>=', '=='].includes(parsed.comparison)) return;
  throw new ConfigError(
    where,
    `${JSON.stringify(what.text)}: expected delayAbortEval beside abortOnFail, such as "30s"; got none, and every run begins below this bound`,
  );
}

/** A stretch that is longer than the load never comes to its end. */
function tellLongWindow({ source, parsed: { window } }: ThresholdPlan, { scenarios }: MatchContext, notes: string[]): void {
  if (window?.kind !== 'for') return;
  const { latestUs } = lengthOf(scenarios);
  if (window.durationUs <= latestUs) return;
  notes.push(`${source}: its stretch of ${formatDurationUs(window.durationUs)} is longer than the load of ${formatDurationUs(latestUs)}`);
}

/** @returns false when it is left out, and told. @throws {ConfigError} when the script itself is wrong */
function canMatch(plan: ThresholdPlan, { where, isShared }: Entry, { definitions, context, notes }: Resolution): boolean {
  const mismatch = mismatchOf(definitions.get(plan.metric) as MetricDefinition, plan.tags, context);
  if (mismatch === undefined) return true;
  const { because, refusal, isOfScript } = mismatch;
  if (refusal === undefined) {
    notes.push(`${where} can match nothing: ${because}`);
    return true;
  }
  if (!isShared && isOfScript) throw new ConfigError(where, refusal);
  notes.push(`${where} is left out: ${because}`);
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
