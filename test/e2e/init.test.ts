import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { temporaryFolder } from '../support/project.ts';

const TOP = resolve(import.meta.dirname, '../..');
const INSTALL_TIMEOUT_MS = 300_000;

function shell(command: string, cwd: string): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  return { status, text: `$ ${command}\n${stdout}${stderr}` };
}

/** Packed as it would be published, from what is built. */
function packed(): { folder: string; tarball: string } {
  const folder = temporaryFolder();
  const names = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: TOP, encoding: 'utf8' });
  return { folder, tarball: join(folder, names.trim().split('\n').at(-1) ?? '') };
}

test(
  'from the packed tarball: init, npm ci, a run on the demo target in 0, and tsc, the linter and stressrun check are green',
  () => {
    const { folder, tarball } = packed();
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    for (const command of [`npm install --no-audit --no-fund --no-save ${tarball}`, 'npx --no-install stressrun init shop-tests']) {
      const step = shell(command, folder);
      expect(step.status, step.text).toBe(0);
    }
    const shop = join(folder, 'shop-tests');
    const manifest = JSON.parse(readFileSync(join(shop, 'package.json'), 'utf8')) as {
      name: string;
      devDependencies: Record<string, string>;
    };
    expect(manifest).toMatchObject({
      name: 'shop-tests',
      devDependencies: { stressrun: expect.stringMatching(/^file:vendor\/stressrun-[\d.]+\.tgz$/) },
    });
    for (const command of [
      'npm ci --no-audit --no-fund',
      'npx stressrun scripts/example.ts --env demo --duration 2s --on-inconclusive warn',
      'bash scripts/run_stress_test.sh --env demo --profile quick --users 2 --duration 2s --on-inconclusive warn',
      'npx tsc -p tsconfig.json',
      'npx eslint --max-warnings 0 .',
      'npx stressrun check scripts/example.ts --env demo',
    ]) {
      const step = shell(command, shop);
      expect(step.status, step.text).toBe(0);
    }
  },
  INSTALL_TIMEOUT_MS,
);

test(
  'from a clone: the clone is packed into vendor/, and a second init overwrites nothing, adds what is missing and names what it left',
  async () => {
    const folder = temporaryFolder();
    const first = await cli(['init', 'tests'], { cwd: folder, timeoutMs: INSTALL_TIMEOUT_MS });
    expect(first.exitCode, first.stderr).toBe(0);
    expect(first.stdout).toMatch(
      /^1\d files in .*\/tests\n\nNext:\n {2}cd tests\n {2}npm (ci|install)\n {2}npx stressrun scripts\/example\.ts --env demo/,
    );
    expect(readdirSync(join(folder, 'tests/vendor'))).toEqual([expect.stringMatching(/^stressrun-[\d.]+\.tgz$/)]);
    expect(existsSync(join(folder, 'tests/.github/workflows/stress-test.yml'))).toBe(true);

    const config = join(folder, 'tests/config.yaml');
    writeFileSync(config, '{}\n');
    const second = await cli(['init', 'tests'], { cwd: folder });
    expect([second.exitCode, second.stderr, readFileSync(config, 'utf8')]).toEqual([0, '', '{}\n']);
    expect(second.stdout).toMatch(/^nothing to add in .*\/tests\nLeft as they were: package\.json, .*config\.yaml/);
  },
  INSTALL_TIMEOUT_MS,
);
