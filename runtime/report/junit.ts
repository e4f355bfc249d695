import { formatNumber, formatRatio } from '../core/page-figures.ts';
import type { CheckRow, RunJson, ThresholdResult } from '../core/run-json.ts';
import { saturationWords, verdictLines, withoutWhy } from '../core/verdict-points.ts';
import { escaped } from './html/markup.ts';
import { plainLine } from './plain-text.ts';
import { measuredWords, outcomeWords } from './verdict-words.ts';

/** One test case: a name, and what stands against it. */
interface Case {
  name: string;
  failure?: { type: string; message: string; text?: string };
  skipped?: string;
  output?: string;
}

/**
 * The verdict, the thresholds and the checks as test cases for GitLab, Jenkins and GitHub. Red exactly when the exit code is not 0: a failed check
 * that the thresholds allow is told in its output.
 * @see https://github.com/jenkinsci/xunit-plugin (junit-10.xsd)
 */
export function junitXml(run: RunJson): string {
  const suites = [
    { name: 'run', cases: [verdictCase(run)] },
    { name: 'thresholds', cases: run.thresholds.map((threshold) => thresholdCase(threshold, run)) },
    { name: 'checks', cases: run.checks.map((check) => checkCase(check, run)) },
  ].filter((suite) => suite.cases.length > 0);
  const all = suites.flatMap((suite) => suite.cases);
  const time = run.run.durationS.toFixed(3);
  const top = element('testsuites', {
    attributes: { name: `stressrun ${run.run.script}`, tests: all.length, failures: failuresIn(all), errors: 0, time },
    content: suites.map(({ name, cases }) =>
      element('testsuite', {
        attributes: {
          name,
          tests: cases.length,
          failures: failuresIn(cases),
          errors: 0,
          skipped: cases.filter((one) => one.skipped !== undefined).length,
          time,
          timestamp: run.run.started.slice(0, 19),
          id: run.run.id,
        },
        content: cases.map((one) => caseElement(one, name)),
      }),
    ),
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...top, ''].join('\n');
}

function caseElement({ name, skipped, failure, output }: Case, suite: string): string[] {
  const content: string[][] = [];
  if (skipped !== undefined) content.push(element('skipped', { attributes: { message: skipped } }));
  if (failure !== undefined) {
    const { type, message, text = message } = failure;
    content.push(element('failure', { attributes: { type, message }, content: text }));
  }
  if (output !== undefined) content.push(element('system-out', { content: output }));
  return element('testcase', { attributes: { name, classname: `stressrun.${suite}`, time: '0' }, content });
}

/** An element in lines: those of what is in it two spaces in, a text as it is, since there spaces count. An attribute has one line. */
function element(
  name: string,
  { attributes = {}, content = [] }: { attributes?: Record<string, string | number>; content?: string | readonly string[][] },
): string[] {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(plainLine(String(value)))}"`);
  const start = `<${name}${given.join('')}`;
  if (content.length === 0) return [`${start}/>`];
  if (typeof content === 'string') return [`${start}>${escaped(content)}</${name}>`];
  // a text's further lines are within its one string
  return [`${start}>`, ...content.flat().map((line) => `  ${line}`), `</${name}>`];
}

function failuresIn(cases: readonly Case[]): number {
  return cases.filter((one) => one.failure !== undefined).length;
}

function verdictCase(run: RunJson): Case {
  const { outcome } = run.verdict;
  const reasons = verdictLines(run).map(({ text, isPart }) => (isPart ? `  ${text}` : text));
  const output = [measuredWords(run), ...reasons, saturationWords(run), ...run.notes].filter((line) => line !== '').join('\n');
  const name = 'verdict';
  if (run.run.exitCode === 0) return { name, output };
  const message = `${outcomeWords(run)} (exit code ${run.run.exitCode})`;
  return { name, failure: { type: outcome, message, text: [message, ...reasons].join('\n') }, output };
}

function thresholdCase(threshold: ThresholdResult, run: RunJson): Case {
  const { expression, source, outcome, detail, isExcused } = threshold;
  const name = `${expression} (${source})`;
  if (outcome === 'met') return { name, output: detail };
  if (outcome !== 'missed' || isExcused === true) return { name, skipped: `${outcome}: ${withoutWhy(threshold)}` };
  return run.run.exitCode === 0 ? { name, output: `missed: ${detail}` } : { name, failure: { type: 'missed', message: detail } };
}

function checkCase({ name, group, task, passes, fails, reason }: CheckRow, run: RunJson): Case {
  const place = [task, group, name].filter(Boolean).join(' › ');
  const count = passes + fails;
  if (count === 0) return { name: place, skipped: 'it was never asked' };
  const share = `${formatNumber(fails)} of ${formatNumber(count)} failed (${formatRatio(fails / count)})`;
  if (fails === 0) return { name: place };
  const text = reason === undefined ? share : `${share}\n${reason}`;
  return run.run.exitCode === 0
    ? { name: place, output: `${text}\nwithin the thresholds` }
    : { name: place, failure: { type: 'check', message: share, text } };
}
