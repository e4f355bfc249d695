import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, notesOf, REPOSITORY } from '../support/cli.ts';

const FOLDER = join(REPOSITORY, 'examples');
const examples = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));

/** Half of the 2 s that most examples take is enough; those with stages, scenarios or a number of iterations are run as they are. */
function shortened(name: string): string[] {
  return /^(export const options.*| {2})\bduration: '2s'/m.test(readFileSync(join(FOLDER, name), 'utf8')) ? ['--duration', '1s'] : [];
}

test('there are at least 12 examples', () => {
  expect(examples.length).toBeGreaterThanOrEqual(12);
});

test.concurrent.each(examples)('examples/%s passes against the demo target', async (name) => {
  const { exitCode, run, stdout, stderr } = await load([join('examples', name), '--env', 'demo', ...shortened(name)]);
  expect([exitCode, run.verdict], `${stdout}${stderr}`).toEqual([0, { outcome: 'passed', reasons: [] }]);
  expect(run.requests.at(-1)?.count).toBeGreaterThan(0);
  expect(run.checks.filter(({ fails }) => fails > 0)).toEqual([]);
  expect(notesOf(run).filter((note) => !note.includes("replaces the script's"))).toEqual([]);
});
