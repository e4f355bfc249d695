import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const ORDERS = [
  '::stop-commands::pause',
  '  ::add-mask::e',
  '::error file=a.ts::planted',
  '##[error]planted',
  '##vso[task.setvariable variable=PATH]planted',
  "##teamcity[buildStatus text='planted']",
  '\u200b::warning::planted',
];
const TEXT = ORDERS.join('\n');

/** What the runners of GitHub, Azure DevOps and TeamCity would take for an order to them. */
function ordersIn(text: string): string[] {
  return text.split('\n').filter((line) => /^[\s\p{Cf}]*::/u.test(line) || /##(\[|vso\[|teamcity\[)/i.test(line));
}

/** Ours: the annotations of a failed run. */
const ANNOTATION = /^::(?:error|warning) title=/;

const SCRIPT = `import { check, http, log, test } from 'stressrun';
export const options = { vus: 1, iterations: 1, thresholds: { 'checks': ['rate==1'], 'http_req_failed': ['rate<0.01'] } };
export default async () => {
  const res = await http.get('/orders', { name: 'row\\n' + ${JSON.stringify(TEXT)} });
  await http.get('/away', { name: 'redirected' });
  log.info('\\n' + res.text);
  console.error(res.headers['x-order']);
  console.error(res.text);
  check(res, { ['is good\\n' + ${JSON.stringify(TEXT)}]: () => { throw new Error(res.text); } });
  test.fail('\\n' + res.text);
  throw new Error('\\n' + res.text);
};
`;
const SUMMARY = `export function handleSummary() {
  const text = ${JSON.stringify(TEXT)};
  return { stdout: text + '\\n\\u001b[31m::error::planted\\u001b[0m\\n', stderr: text };
}
`;

async function planted(): Promise<Awaited<ReturnType<typeof startTarget>>> {
  return startTarget({
    '/orders': { answer: () => ({ status: 500, headers: { 'x-order': '::error::planted ##vso[task.complete]' }, body: TEXT }) },
    '/away': { answer: () => ({ status: 302, headers: { location: 'ftp://x/##vso[task.complete]##[error]' } }) },
    '/health': { answer: () => ({ status: 200, body: TEXT }) },
  });
}

test.each([
  ['GitHub', { GITHUB_ACTIONS: 'true', CI: 'true' }],
  ['Azure DevOps', { TF_BUILD: 'True' }],
  ['TeamCity', { TEAMCITY_VERSION: '2026.1' }],
])(
  'under %s nothing that a target or a script says is an order to the runner, in notes, errors, rows, checks, reasons and summaries',
  { timeout: 120_000 },
  async (_, env) => {
    const target = await planted();
    const { at, folder: cwd } = project({
      'config.yaml': `environments: { it: { base_url: "${target.url}" } }\nhealth_check: { path: /health, expect: { status: ok }, on_failure: warn }\n`,
      'plain.ts': SCRIPT,
      'summary.ts': SCRIPT + SUMMARY,
      'abort.ts': `import { http, test } from 'stressrun';
export const options = { vus: 1, iterations: 1 };
export default async () => { test.abort('\\n' + (await http.get('/orders')).text); };
`,
    });
    for (const [script, args] of [
      ['plain.ts', ['--http-debug']],
      ['summary.ts', []],
      ['abort.ts', []],
    ] as const) {
      const { stdout, stderr, exitCode } = await load([at(script), ...args], { cwd, env });
      expect(exitCode, script).not.toBe(0);
      const said = `${stdout}\n${stderr}`;
      expect(said).toContain('planted'); // it was said, and read by nobody but people
      const found = ordersIn(said);
      expect(found.filter((line) => !ANNOTATION.test(line))).toEqual([]);
      expect(found.length > 0, 'annotations').toBe('GITHUB_ACTIONS' in env);
    }
    const checked = await cli(['check', at('plain.ts')], { cwd, env });
    expect(checked.stdout + checked.stderr).toContain('planted');
    expect(ordersIn(`${checked.stdout}\n${checked.stderr}`)).toEqual([]);
  },
);

test('--http-debug shows no order to a runner where none is known to read it', { timeout: 60_000 }, async () => {
  const target = await planted();
  const { at, folder: cwd } = project({
    'config.yaml': `environments: { it: { base_url: "${target.url}" } }\n`,
    'debug.ts': `import { http } from 'stressrun';
export const options = { vus: 1, iterations: 1 };
export default async () => { await http.get('/orders'); await http.get('/away'); };
`,
  });
  const { stderr } = await load([at('debug.ts'), '--http-debug'], { cwd });
  expect(stderr).toContain('planted');
  expect(ordersIn(stderr)).toEqual([]);
});
