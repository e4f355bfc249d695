import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

test('check draws the picture of a pool that makes a new one for each use, and ends in 0 after 1 upload', async () => {
  const target = await startTarget();
  const { at } = project({
    'x.ts': `import { check, http, image } from 'stressrun';
const photos = image.pool({ width: 64, height: 48, variants: 1, unique: 'pixels' });
export default async () => {
  const res = await http.post('/predict', { multipart: { file: photos.next() } });
  check(res, { 'status is 200': (r) => r.status === 200 });
};
`,
  });
  const { exitCode, stdout } = await cli(['check', at('x.ts'), '--base-url', target.url]);
  expect(stdout).toContain('Task        ✓ default');
  expect(exitCode).toBe(0);
  expect(target.counts()).toMatchObject({ '/predict': 1 });
});
