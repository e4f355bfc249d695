import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { githubAnnotations } from '../../../runtime/report/github-annotations.ts';
import { renderMarkdown } from '../../../runtime/report/markdown.ts';
import { emptyRun } from './fixed-runs.ts';
import { failedReport, hostileReport, passedReport } from './simulated.ts';

const golden = (name: string): string => `${import.meta.dirname}/../../golden/${name}`;

test.each([
  ['passed', passedReport],
  ['failed', failedReport],
  ['empty', emptyRun],
] as const)('the Markdown of the %s run is its golden file', async (name, run) => {
  await expect(renderMarkdown(run)).toMatchFileSnapshot(golden(`summary-${name}.md`));
});

test('a hostile name is neither HTML nor a cell more: all rows of a table have as many cells as its title', () => {
  const text = renderMarkdown(hostileReport);
  const unfenced = text.replace(/^ *(`{3,})text\n[\s\S]*?\n *\1$/gm, '');
  expect(unfenced.replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '')).not.toMatch(/<img|<!--/);
  expect(text).not.toMatch(/^\s*::/m);
  const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
  const lines = text.split('\n');
  lines.forEach((line, i) => {
    if (line.startsWith('|') && lines[i - 1]?.startsWith('|')) expect(cells(line)).toBe(cells(lines[i - 1] as string));
  });
});

test('a script without tasks has no empty column of tasks', () => {
  const title = (run: RunJson): string => /^\|.*\| req\/s \|.*$/m.exec(renderMarkdown(run))?.[0] ?? '';
  expect(title(passedReport)).toMatch(/^\| Task \| Request \| count \|/);
  expect(title({ ...passedReport, requests: passedReport.requests.map((row) => ({ ...row, task: '' })) })).toMatch(
    /^\| Request \| count \|/,
  );
});

test('of @somebody in a message nobody is told', () => {
  expect(renderMarkdown({ ...passedReport, notes: ['ask @octocat'] })).toContain('- ask @\u200boctocat');
});

test('a run that passed annotates nothing; one that failed 1 error for the whole, 2 for thresholds, 1 warning for the one without data', () => {
  expect(githubAnnotations(passedReport)).toEqual([]);
  const lines = githubAnnotations(failedReport);
  expect(lines.map((line) => /^::(\w+) title=([^:]*)::/.exec(line)?.slice(1))).toEqual([
    ['error', 'stressrun%3A failed'],
    ['error', 'threshold missed%3A http_req_response_time%3A p(95)<500ms'],
    ['error', 'threshold missed%3A http_req_failed%3A rate<0.1%25'],
    ['warning', 'threshold no-data%3A objects_found%3A avg>3'],
  ]);
});

test('a line break in a message begins no second command', () => {
  for (const line of githubAnnotations(hostileReport)) expect(line).not.toMatch(/\n/);
});

test('inconclusive with exit code 0 is a warning', () => {
  expect(githubAnnotations({ ...passedReport, verdict: { outcome: 'inconclusive', reasons: ['saturated'] } })).toEqual([
    '::warning title=stressrun%3A inconclusive::Inconclusive: the run says neither that the target passed nor that it failed%0Asaturated',
  ]);
});

test('of 11 kinds of errors the last is one kind', () => {
  const error = { name: 'GET /', kind: 'status', code: 500, count: 1, firstSeen: '', lastSeen: '', sample: '' };
  const text = renderMarkdown({ ...passedReport, errors: Array.from({ length: 11 }, (_, i) => ({ ...error, code: i })) });
  expect(text).toContain('and 1 more kind, in run.json');
});

const FRAME = 'TypeError: x is not a function\n  at scripts/a.ts:3:5\n\n  > 3 |   x();\n      |   ^';

test('frames of code keep their lines: below the errors, in reasons and in notes, each in a fence of its own', () => {
  const error = { name: '', kind: 'script', code: 0, count: 1, firstSeen: '', lastSeen: '', sample: FRAME };
  const verdict = { outcome: 'error', reasons: [`setup threw ${FRAME}`] } satisfies RunJson['verdict'];
  const text = renderMarkdown({ ...passedReport, verdict, errors: [error], notes: [FRAME] });
  const lines = FRAME.split('\n');
  expect(text).toContain(`\n\n\`\`\`text\n${FRAME}\n\`\`\`\n`);
  const below = ['```text', ...lines.slice(1), '```'].map((line) => `  ${line}`.trimEnd()).join('\n');
  expect(text).toContain(`- setup threw TypeError: x is not a function\n${below}\n`);
  expect(text).toContain(`- TypeError: x is not a function\n${below}\n`);
});

test('a frame with a fence of its own does not end the one around it', () => {
  const error = { name: '', kind: 'script', code: 0, count: 1, firstSeen: '', lastSeen: '', sample: 'a\n```\n<img src=x>\n````' };
  expect(renderMarkdown({ ...passedReport, errors: [error] })).toContain('`````text\na\n```\n<img src=x>\n````\n`````\n');
});
