import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** The first request of each user may take long on a busy machine: they are too few of all to be near the 95th percentile. */
const SCRIPT = `import { http } from 'stressrun';
export const options = { vus: 6, iterations: 300 };
export default async () => { await http.get('/a'); };
`;

test.concurrent('a target that takes 200 ms where it took 10 is a regression and ends with 99; a run against itself is none', async () => {
  const { at, folder: cwd } = project({ 'once.ts': SCRIPT });
  const quick = await startTarget({ '/a': { delayMs: 10 } });
  const slow = await startTarget({ '/a': { delayMs: 200 } });
  const before = await load([at('once.ts'), '--base-url', quick.url], { cwd });
  expect((await cli(['baseline', 'save', before.folder, 'main'], { cwd })).stdout).toContain('Kept as baseline main, of 1 run.');
  const same = await cli(['compare', 'main', before.folder], { cwd });
  expect([same.exitCode, same.stdout]).toEqual([0, expect.stringContaining('✓ no regression in 2')]);

  const now = await load([at('once.ts'), '--base-url', slow.url], { cwd });
  const worse = await cli(['compare', 'main', now.folder], { cwd });
  expect(worse.exitCode, worse.stdout).toBe(99);
  expect(worse.stdout).toMatch(/^They did not do the same:\n {2}- target: /);
  expect(worse.stdout).toMatch(/✗ {2}GET \/a {2}p95 .* regression/);
  expect(worse.stdout).toContain('Weak: one run before tells nothing');

  const strict = await cli(['compare', 'main', now.folder, '--strict'], { cwd });
  expect([strict.exitCode, strict.stdout]).toEqual([111, expect.stringContaining('Not compared: they did not do the same.')]);
});

test.concurrent('baselines are shown, listed and dropped; what is no work, no baseline or no run says what there is', async () => {
  const { at, folder: cwd } = project({ 'once.ts': SCRIPT });
  const { url } = await startTarget();
  const { folder } = await load([at('once.ts'), '--base-url', url], { cwd });
  expect((await cli(['baseline', 'list'], { cwd })).stdout).toContain('no baselines in runs yet');
  await cli(['baseline', 'save', folder], { cwd });
  const kept = JSON.parse(readFileSync(join(cwd, 'runs', 'baselines', 'main.json'), 'utf8')) as { details: { responseTimeUs: number[] }[] };
  const counts = kept.details[0]?.responseTimeUs.filter((_, i) => i % 2 === 1) ?? [];
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300);
  expect((await cli(['baseline', 'list'], { cwd })).stdout).toMatch(/^main: /);
  expect((await cli(['baseline', 'show', 'main'], { cwd })).stdout).toContain('GET /a: 300 requests, 0 failed, p95 ');
  for (const [words, message] of [
    [['baseline', 'keep'], 'expected save, show, list or drop; got "keep"'],
    [['baseline', 'show', 'mian'], 'did you mean main?'],
    [['baseline', 'drop'], 'expected the name of one baseline'],
    [['compare', 'main'], 'expected two runs or baselines'],
    [['compare', 'main', 'nowhere'], 'expected a run id'],
  ] as const) {
    const refused = await cli([...words], { cwd });
    expect([refused.exitCode, refused.stderr], words.join(' ')).toEqual([104, expect.stringContaining(message)]);
  }
  expect((await cli(['baseline', 'drop', 'main'], { cwd })).exitCode).toBe(0);
  expect((await cli(['baseline', 'list'], { cwd })).stdout).toContain('no baselines');
});
