import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const FORMULA = '=HYPERLINK(1)';

test('no cell of CSV begins a formula, whatever scripts and targets say; with --csv-raw cells are as they came, again from a kept run too', async () => {
  const target = await startTarget({ '/work': { status: 500, body: FORMULA } });
  const { at } = project({
    'formula.ts': `import { http } from 'stressrun';
export const options = { iterations: 1 };
export default async () => {
  await http.get('/work', { name: '${FORMULA}' });
};
`,
  });
  const run = async (...more: string[]): Promise<{ texts: string[]; folder: string; runDir: string }> => {
    const { folder, runDir } = await load([at('formula.ts'), '--base-url', target.url, '-o', `csv=${at('out.csv')}`, ...more]);
    const names = ['stats.csv', 'failures.csv'].map((name) => join(folder, name));
    return { texts: [...names, at('out.csv')].map((path) => readFileSync(path, 'utf8')), folder, runDir };
  };
  const begins = (text: string): number => (text.match(/(?:^|,|\n)"?[=+@]/g) ?? []).length;

  const escaped = await run();
  expect(escaped.texts.map(begins)).toEqual([0, 0, 0]);
  for (const text of escaped.texts) expect(text).toContain(`'${FORMULA}`);
  const raw = await run('--csv-raw');
  for (const text of raw.texts) expect(begins(text)).toBeGreaterThan(0);
  expect(raw.texts.join('')).not.toContain(`'${FORMULA}`);

  const again = await cli(['report', 'latest', '--run-dir', raw.runDir, '--csv', at('again')]);
  expect([again.exitCode, begins(readFileSync(at('again_stats.csv'), 'utf8'))]).toEqual([0, 0]);
});
