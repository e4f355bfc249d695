import { expect, test } from 'vitest';
import { isReadByRunner, withoutCommands } from '../../../runtime/core/runner-commands.ts';

test.each([
  ['GitHub', '::stop-commands::x', ': :stop-commands::x'],
  ['GitHub, behind space', '  \u00a0::add-mask::x', '  \u00a0: :add-mask::x'],
  ['GitHub, in a further line', 'a\n::error file=a::b', 'a\n: :error file=a::b'],
  ['GitHub, behind what has no width', '\u200b\ufeff::warning::x', '\u200b\ufeff: :warning::x'],
  ['GitHub, around what has no width', ':\u00ad:warning::x', ': \u00ad:warning::x'],
  ['GitHub, behind a colour', '\u001b[31m::error::x', '\u001b[31m: :error::x'],
  ['GitHub and Azure DevOps', 'a ##[error]b', 'a ## [error]b'],
  ['Azure DevOps', 'a ##vso[task.setvariable variable=A]b', 'a ## vso[task.setvariable variable=A]b'],
  ['Azure DevOps in capitals', '##VSO[task.complete]', '## VSO[task.complete]'],
  ['Azure DevOps around what has no width', '#\u200b#v\u2060so[a]', '#\u200b# v\u2060so[a]'],
  ['TeamCity', "##teamcity[buildStatus text='x']", "## teamcity[buildStatus text='x']"],
  ['GitLab', 'section_start:1:a section_end:1:a', 'section _start:1:a section _end:1:a'],
  ['Travis', 'travis_fold:start:a', 'travis _fold:start:a'],
  ['Buildkite', '--- a\n+++ b', ' --- a\n +++ b'],
])('an order to %s is broken up', (_, text, broken) => {
  expect(withoutCommands(text)).toBe(broken);
  expect(withoutCommands(broken)).toBe(broken);
});

test.each(['a::b', 'std::vec::Vec', '  p95 ::1', '## Heading', '#[derive]', 'http://[::1]:80', '-----BEGIN', 'my_section_start'])(
  'what is none stays as it is: %s',
  (text) => {
    expect(withoutCommands(text)).toBe(text);
  },
);

test('a CI runner is known by its variables; CI=false is none', () => {
  expect(isReadByRunner({ GITHUB_ACTIONS: 'true' })).toBe(true);
  expect(isReadByRunner({ TF_BUILD: 'True' })).toBe(true);
  expect(isReadByRunner({ TEAMCITY_VERSION: '2026.1' })).toBe(true);
  expect(isReadByRunner({ CI: 'false', PATH: '/bin' })).toBe(false);
  expect(isReadByRunner({})).toBe(false);
});
