import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const API_KEY = 'k-8f2c/44+e1';
const PASSWORD = 'pa55-for-ann';
const SCRIPT = `import { check, env, http, log } from 'stressrun';
export const options = { vus: 2, iterations: 4 };
export default async () => {
  const res = await http.get('/work', { headers: { 'x-api-key': env.API_KEY }, query: { key: env.API_KEY } });
  log.info('the key is', env.API_KEY);
  check(res, { 'is let in': () => { throw new Error('refused with ' + env.API_KEY); } });
  throw new Error('no luck with ' + env.API_KEY);
};
`;

test('a secret reaches the target and no console, plan, journal or result, wherever the script and the answers put it', async () => {
  const target = await startTarget({
    '/work': { answer: ({ headers }) => ({ status: 403, body: `{"error":"bad key ${headers['x-api-key']}"}` }) },
  });
  const { at } = project({
    'config.yaml': `environments:
  it:
    base_url: ${target.url}
    secrets: { API_KEY: "\${THE_KEY}" }
    auth: { basic: { user: ann, password: ${PASSWORD} } }
    headers: { x-auth-token: "\${THE_KEY}" }
`,
    'secret.ts': SCRIPT,
  });
  const { run, folder, stdout, stderr } = await load([at('secret.ts'), '--http-debug'], { env: { THE_KEY: API_KEY } });
  const work = target.seen.filter(({ path }) => path === '/work');
  expect(work).toHaveLength(4);
  for (const { headers, query } of work)
    expect([headers['x-api-key'], headers['x-auth-token'], query['key']]).toEqual([API_KEY, API_KEY, API_KEY]);

  expect(run.checks).toMatchObject([{ fails: 4, reason: expect.stringContaining('[redacted]') }]);
  const files = readdirSync(folder).map((name): [string, string] => [name, readFileSync(join(folder, name), 'utf8')]);
  expect(files.map(([name]) => name).sort()).toEqual([
    'exceptions.csv',
    'failures.csv',
    'journal.ndjson',
    'junit.xml',
    'latency.hlog',
    'plan.json',
    'report.html',
    'run.json',
    'stats.csv',
    'stats_history.csv',
    'summary.md',
  ]);
  for (const [where, text] of [...files, ['stdout', stdout], ['stderr', stderr]])
    for (const secret of [API_KEY, encodeURIComponent(API_KEY), JSON.stringify(API_KEY).slice(1, -1), PASSWORD, btoa(`ann:${PASSWORD}`)])
      expect(text?.includes(secret), `${secret} in ${where}`).toBe(false);
});
