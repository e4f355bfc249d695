import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../../runtime/commands/all.ts';
import { PACKAGE } from '../../../runtime/core/package-files.ts';
import { temporaryFolder } from '../../support/project.ts';

/** A folder with the program under its name, as an installed package has it. */
const bin = temporaryFolder();
writeFileSync(join(bin, 'stressrun'), `#!/bin/sh\nexec "${process.execPath}" "${join(PACKAGE.folder, 'dist/main.js')}" "$@"\n`);
chmodSync(join(bin, 'stressrun'), 0o755);
const env = { PATH: `${bin}${delimiter}${process.env['PATH']}`, SHELL: '/bin/bash' };

/** What bash offers at the end of a line, by the script that the program prints. */
function offered(line: string): string[] {
  const words = line.split(' ');
  const script = `source <(stressrun completion)
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_stressrun_yargs_completions
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('bash completes commands and the flags of each, long and short, and those of a run behind the path of a script', () => {
  expect(offered('stressrun ')).toEqual([...COMMANDS.map(({ name }) => name), 'completion']);
  expect(offered('stressrun ch')).toEqual(['check']);
  expect(offered('stressrun check --dur')).toEqual(['--duration']);
  expect(offered('stressrun scripts/predict.ts --allow')).toEqual(['--allow-production']);
  expect(offered('stressrun target -')).toContain('-h');
});

test('what is no word of ours is left to bash, which knows paths; a flag of another command is not offered', () => {
  expect(offered('stressrun check scripts/pre')).toEqual([]);
  expect(offered('stressrun target --allow')).toEqual([]);
});

test('zsh is told what each command and flag means', () => {
  const asked = ['--get-yargs-completions', 'stressrun', 'target', '--la'];
  const said = execFileSync(join(bin, 'stressrun'), asked, { env: { ...env, SHELL: '/bin/zsh' }, encoding: 'utf8' });
  expect(said).toMatch(/^--latency:\S/m);
  expect(execFileSync(join(bin, 'stressrun'), ['completion'], { env: { ...env, SHELL: '/bin/zsh' }, encoding: 'utf8' })).toMatch(
    /^#compdef stressrun$/m,
  );
});
