import { expect, test } from 'vitest';
import { helpText, shortHelp } from '../../../runtime/cli/help.ts';
import { parseArgs } from '../../../runtime/cli/parse-args.ts';
import { COMMANDS, OPTIONS, takersOf } from '../../../runtime/commands/all.ts';
import { signatureOf } from '../../../runtime/commands/option.ts';

test.each(COMMANDS.map(({ name }) => name))(
  'the help of %s has its flags and no others, ends in examples that parse, and fits 80 columns',
  (command) => {
    const text = helpText(command);
    for (const option of OPTIONS) {
      const isTold = takersOf(option).includes(command);
      expect(text.includes(` ${signatureOf(option)}\n`) || text.includes(` ${signatureOf(option)} `)).toBe(isTold);
    }
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const examples = /\nExamples?\n((?: {2}stressrun .*\n)+)$/.exec(text)?.[1]?.trimEnd().split('\n') ?? [];
    expect(examples).toHaveLength(command === 'run' ? 4 : command === 'compare' || command === 'baseline' ? 2 : 1);
    for (const example of examples) expect(parseArgs(example.trim().split(' ').slice(1), {})).toMatchObject({ command });
  },
);

test('the help without a command has all commands and the flags of run', () => {
  for (const command of ['stressrun <script>', 'stressrun check <script>', 'stressrun report <run>', 'stressrun target']) {
    expect(helpText(undefined)).toContain(`\n  ${command} `);
    expect(shortHelp()).toContain(`\n  ${command} `);
  }
  expect(helpText(undefined)).toContain('-u, --users N');
  expect(shortHelp()).toMatch(/All flags: stressrun --help\n$/);
});

test.each(OPTIONS.filter((option) => option.isFlagOnly !== true))('the example of --$name parses for its first command', (option) => {
  const command = takersOf(option)[0] ?? 'run';
  const subject = command === 'target' ? [] : ['script.ts'];
  expect(parseArgs([command, ...subject, ...option.example.split(' ')], {})).toMatchObject({ command });
});
