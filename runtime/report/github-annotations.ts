import type { RunJson } from '../core/run-json.ts';
import { withoutCommands } from '../core/runner-commands.ts';
import { verdictLines } from '../core/verdict-points.ts';
import { plainText } from './plain-text.ts';
import { outcomeWords } from './verdict-words.ts';

/** GitHub shows no more of a step. */
const ANNOTATIONS_MAX = 10;

/**
 * Lines that GitHub Actions shows at the commit: an error for what made the run fail, a warning for what could not be judged. None when the run passed.
 * @see https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(run: RunJson): string[] {
  const { outcome } = run.verdict;
  if (outcome === 'passed') return [];
  const level = run.run.exitCode === 0 ? 'warning' : 'error';
  const thresholds = run.thresholds.filter((threshold) => threshold.outcome !== 'met' && threshold.isExcused !== true);
  const lines = thresholds.map(({ outcome: result, expression, detail }) =>
    command(result === 'missed' ? level : 'warning', `threshold ${result}: ${expression}`, detail),
  );
  const whole = command(level, `stressrun: ${outcome}`, [outcomeWords(run), ...verdictLines(run).map(({ text }) => text)].join('\n'));
  return [whole, ...lines].slice(0, ANNOTATIONS_MAX);
}

function command(level: string, title: string, text: string): string {
  const escaped = (part: string): string =>
    withoutCommands(plainText(part)).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return `::${level} title=${escaped(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escaped(text)}`;
}
