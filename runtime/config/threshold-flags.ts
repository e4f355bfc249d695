import { ConfigError } from '../core/errors.ts';
import { HTTP } from '../core/roles.ts';
import { problemsOf } from './problems.ts';
import { SHORT_THRESHOLD_NAMES, type ThresholdSettings, thresholdsSchema } from './threshold-schema.ts';

const SHORT = new RegExp(`^(?:(.+)\\.)?(${SHORT_THRESHOLD_NAMES.join('|')})\\s*[=:]\\s*(.+)$`, 's');
/** The metric, with tags in braces, and what is asked of it. */
const EXPRESSION = /^([^\s:{]+(?:\{[^}]*\})?)\s*:\s*(.+)$/s;

/**
 * Thresholds of `--threshold`: `max_p95=2s`, `health.max_p95=200ms` for one task, or an expression of a metric.
 * @throws {ConfigError} naming the flag
 */
export function thresholdsOfFlags(texts: readonly string[]): ThresholdSettings {
  const tree: Record<string, unknown> = {};
  for (const text of texts) {
    const short = SHORT.exec(text.trim());
    const expression = short === null ? EXPRESSION.exec(text.trim()) : null;
    if (short !== null) {
      const [, task, name = '', limit = ''] = short;
      const value = /^\d+(?:\.\d+)?$/.test(limit.trim()) ? Number(limit) : limit.trim();
      if (task === undefined) tree[name] = value;
      else tree[task] = { ...(tree[task] as object | undefined), [name]: value };
    } else if (expression !== null) {
      const [, metric = '', wanted = ''] = expression;
      tree[metric] = [...((tree[metric] as string[] | undefined) ?? []), wanted.trim()];
    } else {
      throw new ConfigError(
        '--threshold',
        `expected max_p95=2s, health.max_p95=200ms or "${HTTP.waiting}{task:health}: p(99)<1s"; got ${JSON.stringify(text)}`,
        { hint: `short forms are ${SHORT_THRESHOLD_NAMES.join(', ')}` },
      );
    }
  }
  const parsed = thresholdsSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const [problem] = problemsOf(parsed.error, tree);
  throw new ConfigError(['--threshold', ...(problem?.path ?? [])].join(' '), problem?.text ?? 'expected thresholds');
}
