import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, REPOSITORY } from '../support/cli.ts';
import { blocksOf, commandsOf, filesOf } from '../support/guide.ts';
import { isLeftOutWithout } from '../support/needs.ts';
import { linkPackages, project } from '../support/project.ts';

/** Guides that have a test of their own. */
const ELSEWHERE = ['first-hour.md'];
const guides = [
  'README.md',
  ...readdirSync(join(REPOSITORY, 'docs')).flatMap((name) => (ELSEWHERE.includes(name) ? [] : [`docs/${name}`])),
].filter((guide) => commandsOf(guide).length > 0);
/** They stay until somebody stops them; `target-command.test.ts`, `agents.test.ts` and the `ui-` tests have them. */
const STAY = ['ui', 'target', 'agent', 'cluster'];

/** A folder with what a reader of the guide has: the config and the script of this repository, and the files that the guide shows. */
function readersFolder(guide: string): string {
  const reader = project(filesOf(guide));
  for (const path of ['scripts/predict.ts', 'config.yaml']) {
    if (path in filesOf(guide)) continue;
    mkdirSync(join(reader.folder, 'scripts'), { recursive: true });
    copyFileSync(join(REPOSITORY, path), reader.at(path));
  }
  linkPackages(reader);
  return reader.folder;
}

/** Nobody learns more from 30 s than from 2 s. */
function shortened(words: readonly string[]): string[] {
  const isRun = /\.ts$/.test(words[0] ?? '');
  const at = words.indexOf('--duration');
  if (at >= 0) return words.map((word, i) => (i === at + 1 ? '2s' : word));
  return isRun && words.includes('--profile') ? [...words, '--duration', '2s'] : [...words];
}

test('the README and 13 guides have commands, and none of stressrun is in a block that is not run', () => {
  expect(guides).toHaveLength(14);
  const unrun = guides.flatMap((guide) =>
    blocksOf(guide).filter(({ language, text }) => language !== 'sh' && text.includes('npx stressrun')),
  );
  expect(unrun).toEqual([]);
});

test.concurrent.each(guides)(
  'every script and command of %s does what it says, with its load cut to 2 s',
  async (guide) => {
    const cwd = readersFolder(guide);
    for (const { line, words, exitCode, into } of commandsOf(guide)) {
      if (STAY.includes(words[0] ?? '')) continue;
      if (words.includes('--agents') && isLeftOutWithout('nats-server')) continue;
      const ended = await cli(shortened(words), { cwd });
      expect(ended.exitCode, `${guide}: ${line}\n${ended.stdout}${ended.stderr}`).toBe(exitCode);
      if (into !== undefined) writeFileSync(join(cwd, into), ended.stdout);
      for (const [i, word] of words.entries())
        if (/^--(html|md|json|junit|summary-export)$/.test(word)) expect(existsSync(join(cwd, words[i + 1] ?? '')), line).toBe(true);
    }
  },
  300_000,
);
