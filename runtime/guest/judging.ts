import { RESPONSE, TO_HOST } from '../core/mailbox.ts';
import { reasonOf, textField, write } from './outbox.ts';
import { type HeldAnswer, StopVu, settings, type Vu } from './state.ts';
import type { Response } from './stressrun.d.ts';

/** What a script says of an answer that the host has not counted yet. */
const VERDICT = { failed: 0, expected: 1, asStatusSays: 2 } as const;

let turn = 0;
/** Code of scripts runs from here on because of what comes in now. */
export function nextTurn(): void {
  turn++;
}

/** An answer that the host holds back from its numbers until the script has had its say. */
export class OpenAnswer implements HeldAnswer {
  readonly vu: Vu;
  readonly handle: number;
  readonly turn = turn;
  judgement: HeldAnswer['judgement'];
  isRight: boolean;
  refusal: string | undefined;

  constructor(vu: Vu, handle: number, flags: number) {
    this.vu = vu;
    this.handle = handle;
    this.isRight = (flags & RESPONSE.isExpected) !== 0;
    this.judgement = settings.judgesAnswers ? 'open' : 'asked';
    if (settings.judgesAnswers) vu.open.push(this);
  }

  refuse(reason: string): void {
    this.isRight = false;
    this.refusal ??= reason;
  }
}

/**
 * The user goes on to something else: what it has seen before is counted as it stands. Answers of this very turn stay open: where several
 * functions of one user run side by side, one goes on before the other has looked at its own.
 */
export function countSeen(vu: Vu): void {
  if (vu.open.length > 0) countWhere(vu, (answer) => answer.turn !== turn);
}

/** The iteration is over. */
export function countAll(vu: Vu): void {
  if (vu.open.length > 0) countWhere(vu, () => true);
}

function countWhere(vu: Vu, isDue: (answer: HeldAnswer) => boolean): void {
  for (const answer of vu.open.splice(0))
    if (isDue(answer)) tell(answer, answer.isRight ? VERDICT.expected : VERDICT.asStatusSays);
    else vu.open.push(answer);
}

function tell(answer: HeldAnswer, verdict: number): void {
  answer.judgement = 'counted';
  write(answer.vu, TO_HOST.judge, `${answer.handle},${verdict},${textField(answer.refusal ?? '')}`);
}

function close(answer: OpenAnswer): void {
  const { open } = answer.vu;
  const at = open.indexOf(answer);
  if (at >= 0) open.splice(at, 1);
}

/** `res.fail(reason)`. @throws Error when it is too late */
export function failAnswer(answer: OpenAnswer | undefined, reason: string): void {
  if (answer?.refusal !== undefined) return;
  if (answer === undefined || answer.judgement === 'counted')
    throw new Error(
      'res.fail: the request is counted already. Call it before the next request or sleep of this user, or decide in the request: { expect: (r) => … }, which may be async',
    );
  answer.refuse(reason);
  if (answer.judgement === 'asked') return; // told when its function has ended
  close(answer);
  tell(answer, VERDICT.failed);
}

/** Asks `expect` of an answer. One that throws, or answers no, makes the request a failed one. */
export async function askExpect(answer: OpenAnswer, response: Response, expect: (response: Response) => unknown): Promise<void> {
  close(answer);
  answer.judgement = 'asked';
  try {
    answer.isRight = Boolean(await expect(response)) && answer.refusal === undefined;
    if (!answer.isRight) answer.refuse('');
  } catch (error) {
    if (error instanceof StopVu) throw error; // not the answer's fault: the iteration is over
    answer.refuse(reasonOf(error));
  }
  if (!answer.isRight) return tell(answer, VERDICT.failed);
  if (!settings.judgesAnswers) return tell(answer, VERDICT.expected);
  answer.judgement = 'open';
  answer.vu.open.push(answer);
}
