import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { blocksOf, commandsIn, commandsOf } from '../support/guide.ts';
import { startJobService } from '../support/job-service.ts';
import { linkPackages, project } from '../support/project.ts';

/** What docs/first-hour.md shows, as it stands there. */
function fromGuide(language: string): string {
  const block = blocksOf('docs/first-hour.md').find((each) => each.language === language);
  if (block === undefined) throw new Error(`the guide has no ${language} block`);
  return block.text;
}

test('the first hour: init, first verdict, own script with login, upload, polling and 429, thresholds by tag, report; every printed command works', async () => {
  const shop = project({ 'config.yaml': '', 'package.json': '{\n  "name": "shop"\n}\n', '.git/HEAD': '' });
  // the guide's config is not there before init: an empty one would be left as it was
  const root = shop.at('tests');
  mkdirSync(root);
  writeFileSync(join(root, 'package.json'), '{ "name": "shop-tests" }\n');
  linkPackages({ ...shop, at: (name) => join(root, name) });
  const run = (args: readonly string[], env: Record<string, string> = {}) => cli(args, { cwd: root, env });

  const made = await run(['init', '--package', '0.2.0']);
  expect(made.exitCode, made.stderr).toBe(0);
  expect(made.stdout).toContain('Added to package.json: scripts.smoke, devDependencies.stressrun');
  const printed = commandsIn(made.stdout).map(({ words }) => words);
  expect(printed).toHaveLength(2);
  for (const words of printed) {
    const step = await run(words);
    expect(step.exitCode, `${words.join(' ')}\n${step.stdout}${step.stderr}`).toBe(0);
    if (words[0] !== 'check') expect(step.stdout).toContain('Verdict: ✓ PASSED, exit code 0');
  }

  const service = await startJobService();
  writeFileSync(join(root, 'scripts/jobs.ts'), fromGuide('ts'));
  writeFileSync(join(root, '.env'), 'SHOP_PASSWORD=a-secret-of-the-shop\n');
  const config = readFileSync(join(root, 'config.yaml'), 'utf8');
  writeFileSync(join(root, 'config.yaml'), config.replace('environments:\n', `environments:\n  ${fromGuide('yaml')}`));
  const commands = commandsOf('docs/first-hour.md').map(({ words }) => words);
  expect(commands.map(([first]) => first)).toEqual(['check', 'scripts/jobs.ts', 'report']);
  for (const words of commands) {
    const step = await run(words, { SHOP_URL: service.url });
    expect(step.exitCode, `${words.join(' ')}\n${step.stdout}${step.stderr}`).toBe(0);
    expect(step.stdout + step.stderr).not.toContain('a-secret-of-the-shop');
    if (words[0] === 'check') service.seen.length = 0; // what follows is held against the server's record of the run
  }
  const folder = /^Run folder: (.*)$/m.exec((await run(['report', 'latest'])).stdout)?.[1] ?? '';
  const report = JSON.parse(readFileSync(resolve(root, folder, 'run.json'), 'utf8'));
  const sent = (path: RegExp) => service.seen.filter((request) => path.test(request.path));
  const row = (name: RegExp) => report.requests.find((each: { name: string }) => name.test(each.name));
  expect(existsSync(resolve(root, folder, 'report.html'))).toBe(true);
  expect(row(/^\/upload$/)).toMatchObject({ count: sent(/^\/upload$/).length, failed: 0 });
  expect(row(/^\/jobs\//)).toMatchObject({ count: sent(/^\/jobs\//).length, failed: 0 });
  expect(sent(/^\/upload$/).filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  expect(sent(/^\/upload$/).filter(({ status }) => status === 202)).toHaveLength(12);
  // a login for each of the 3 users, outside of the verdict
  expect(sent(/^\/token$/)).toHaveLength(3);
  expect(report.uncounted).toMatchObject([{ period: 'setup', method: 'POST', name: '/token', count: 3, failed: 0 }]);
  expect(row(/^\/token$/)).toBeUndefined();
  expect(report.checks).toMatchObject([{ passes: 12, fails: 0 }]);
  expect(report.thresholds.map(({ source }: { source: string }) => source)).toEqual(
    expect.arrayContaining([expect.stringContaining('step:upload')]),
  );
  expect(dirname(resolve(root, folder))).toBe(join(root, 'runs'));
});
