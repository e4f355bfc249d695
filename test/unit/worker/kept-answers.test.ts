import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import { KeptAnswers } from '../../../runtime/worker/kept-answers.ts';
import type { HostVu } from '../../../runtime/worker/vu-table.ts';

/** Answers of one user, and which of them gave their memory back. */
function kept() {
  const vu = { index: 0, answers: [], answersFrom: 0 } as unknown as HostVu;
  const answers = new KeptAnswers(() => vu);
  const released: string[] = [];
  const keep = (text: string): number =>
    answers.keep(vu, {
      kind: 'response',
      status: 200,
      body: Buffer.from(text),
      release: () => released.push(text),
    } as unknown as HttpOutcome);
  return { vu, answers, released, keep };
}

test('the memory of answers is given back when their iteration is over, but not that of one whose body somebody else still has', () => {
  const { vu, answers, released, keep } = kept();
  const [, lent, looked] = ['a', 'b', '{"image":"c"}'].map(keep) as [number, number, number];
  expect(String(answers.inspectable(lent, ''))).toBe('b');
  expect(answers.inspectable(looked, 'image')).toBe('c'); // a text of its own
  expect(released).toEqual([]);
  answers.forget(vu);
  expect(released.sort()).toEqual(['a', '{"image":"c"}']);
  expect(answers.inspectable(lent, '')).toBeUndefined();
});
