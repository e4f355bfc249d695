import type { ScenarioPlan } from '../core/plan.ts';
import type { MetricDefinition } from '../core/records.ts';
import { HTTP, ITERATION_TAGS, LIVE_STREAM_METRICS, SCRIPT_TAGS, STREAM, SYSTEM_TAGS } from '../core/roles.ts';
import type { ScriptFacts } from './script-facts.ts';
import { guessOf, namesOf, questionOf } from './unknown-name.ts';

/** What the tags of a threshold are held against. */
export interface MatchContext {
  readonly script: Pick<ScriptFacts, 'metrics' | 'taskNames' | 'isTaskListComplete' | 'code'>;
  readonly scenarios: readonly ScenarioPlan[];
  /** Tags of the whole run. */
  readonly tags: Readonly<Record<string, string>>;
  /** Neither a profile nor flags decide which scenarios run. */
  readonly isScriptsOwnLoad: boolean;
}

/** Why a threshold can match nothing. */
export interface Mismatch {
  /** `the script has no task "x"; did you mean "y"?` */
  readonly because: string;
  /** The same for an error, `expected a task of the script, one of a, b; got "x"`; undefined where it is not a matter of what this run has. */
  readonly refusal?: string;
  /** Whether the script alone decides: then a threshold of the script itself is a mistake. */
  readonly isOfScript: boolean;
}

/** Tags that stressrun itself gives to the series of a metric; metrics of the script have the last row. */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  vus: [],
  vus_max: [],
  iterations: ITERATION_TAGS,
  iteration_duration: ITERATION_TAGS,
  iteration_response_time: ITERATION_TAGS,
  iteration_errors: ITERATION_TAGS,
  dropped_iterations: [...ITERATION_TAGS, 'kind'],
  checks: [...ITERATION_TAGS, 'group', 'check'],
  [HTTP.serverTime]: [...SYSTEM_TAGS, 'part'],
  [HTTP.cutOff]: [...SYSTEM_TAGS, 'kind'],
  ...Object.fromEntries(Object.values(STREAM).map((name) => [name, streamTagsOf(name)])),
};

/** A stream that has begun has an answer, so no code of an error; how it ends is not known of one that goes on. */
function streamTagsOf(name: string): string[] {
  const isLive = LIVE_STREAM_METRICS.has(name);
  const tags = SYSTEM_TAGS.filter((tag) => tag !== 'error_code' && !(isLive && tag === 'expected_response'));
  return name === STREAM.cutOff ? [...tags, 'kind', 'before'] : tags;
}

/** What values of these tags look like, in words and as a pattern. */
const VALUES: Readonly<Record<string, readonly [pattern: RegExp, words: string]>> = {
  status: [/^(?:0|[1-5]\d\d)$/, 'a status such as 200, or 0 for no answer'],
  expected_response: [/^(?:true|false)$/, 'true or false'],
  method: [/^[A-Z]+$/, 'a method in capitals, such as GET'],
  error_code: [/^\d{4}$/, 'a code such as 1050'],
  kind: [/^(?:timeout|interrupted|dropped|lost)$/, 'timeout, interrupted, dropped or lost'],
};

/** What the tag `period` of a threshold may name, beside a tag of the script's own: parts of the run that count nowhere else. */
const UNCOUNTED_PERIODS: readonly string[] = ['setup', 'warm-up', 'teardown'];

/** Why no series can ever have these tags; undefined when one may. */
export function mismatchOf(metric: MetricDefinition, tags: Readonly<Record<string, string>>, context: MatchContext): Mismatch | undefined {
  for (const [tag, value] of Object.entries(tags)) {
    if (tag === 'period' && UNCOUNTED_PERIODS.includes(value)) continue;
    const mismatch = ofRun(tag, value, context) ?? ofMetric(metric, { tag, value }, context);
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

/** Tags whose values are known before the run. */
function ofRun(tag: string, value: string, { script, scenarios, isScriptsOwnLoad }: MatchContext): Mismatch | undefined {
  if (tag === 'task') {
    const { taskNames, isTaskListComplete } = script;
    if (taskNames.includes(value) || (taskNames.length === 0 && isTaskListComplete !== true)) return undefined;
    return missing('task', value, { known: taskNames, who: 'the script', isOfScript: true });
  }
  if (tag === 'scenario') {
    const known = scenarios.map(({ name }) => name);
    return known.includes(value) ? undefined : missing('scenario', value, { known, who: 'this run', isOfScript: isScriptsOwnLoad });
  }
  if (tag === 'phase') {
    const known = [...new Set(scenarios.flatMap(({ phases }) => phases.map(({ name }) => name)))];
    // a live change names phases of its own
    if (known.includes(value) || /^edit-\d+$/.test(value)) return undefined;
    return missing('phase', value, { known, who: 'this run', isOfScript: isScriptsOwnLoad });
  }
  return undefined;
}

function missing(kind: string, value: string, what: { known: readonly string[]; who: string; isOfScript: boolean }): Mismatch {
  const { known, who, isOfScript } = what;
  return {
    because: `${who} has no ${kind} ${JSON.stringify(value)}${questionOf(value, known)}`,
    refusal: `expected a ${kind} of ${who}, one of ${namesOf(known)}; got ${JSON.stringify(value)}${guessOf(value, known)}`,
    isOfScript,
  };
}

function ofMetric(metric: MetricDefinition, { tag, value }: { tag: string; value: string }, context: MatchContext): Mismatch | undefined {
  const warned = (because: string): Mismatch => ({ because, isOfScript: false });
  const system = systemTagsOf(metric);
  if (system.length === 0) return warned(`${metric.name} has no tags`);
  const own = [...system, ...Object.keys(context.tags), ...context.scenarios.flatMap((scenario) => Object.keys(scenario.tags))];
  if (!own.includes(tag)) {
    const isNever = Object.hasOwn(TAGS, metric.name) && SYSTEM_TAGS.includes(tag);
    if (isNever) return warned(`${metric.name} has no tag "${tag}", only ${namesOf(own)}`);
    if (mayBeSet(tag, context.script.code)) return undefined;
    return warned(`nothing sets the tag ${JSON.stringify(tag)}${questionOf(tag, own)}`);
  }
  const [pattern, words] = VALUES[tag] ?? [];
  if (value === '' || pattern === undefined || !system.includes(tag) || pattern.test(value)) return undefined;
  return warned(`${tag} is ${words}; got ${JSON.stringify(value)}`);
}

/** Whether a script might set a tag: its name stands somewhere in the text, other than in the key of a threshold, `metric{tag:value}`. */
function mayBeSet(tag: string, code: string | undefined): boolean {
  if (code === undefined) return true;
  const name = tag.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(code.replace(/\b\w{2,128}\{[^{}\n]{1,300}\}(?=["'`])/g, ''));
}

/** Tags that stressrun gives to a metric; none: it has no tags at all. */
function systemTagsOf({ name }: MetricDefinition): readonly string[] {
  if (Object.hasOwn(TAGS, name)) return TAGS[name] ?? [];
  return name.startsWith('http_') || name.startsWith('data_') ? SYSTEM_TAGS : SCRIPT_TAGS;
}
