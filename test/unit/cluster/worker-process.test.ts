import { expect, test } from 'vitest';
import { hardeningFlags } from '../../../runtime/cluster/worker-process.ts';

const MAJOR = Number(process.versions.node.split('.')[0]);

test('a worker may read one file, write none, start nothing, load no add-on and make no code from texts', () => {
  const flags = hardeningFlags('/opt/worker.cjs', 768);
  expect(flags).toContain(MAJOR >= 22 ? '--permission' : '--experimental-permission');
  expect(flags.filter((flag) => flag.startsWith('--allow-'))).toEqual([
    '--allow-fs-read=/opt/worker.cjs',
    ...(MAJOR >= 25 ? ['--allow-net'] : []),
  ]);
  for (const flag of ['--disallow-code-generation-from-strings', '--disable-proto=delete', '--no-addons', '--max-old-space-size=768'])
    expect(flags).toContain(flag);
});
