import type { GuestSettings } from '../../runtime/core/guest-settings.ts';
import type { jarAnswer } from '../../runtime/worker/cookie-answers.ts';
import type { BoxAnswer, BoxRequest } from './box-answers.ts';

export interface BoxOptions {
  readonly settings?: Partial<GuestSettings>;
  /** How requests are answered; nothing said: 200 and an empty body. */
  answer?(request: BoxRequest): BoxAnswer;
  /** Answers to module-level calls, JSON by their keys. */
  readonly loaded?: Readonly<Record<string, string>>;
  /** Whose cookies scripts read and set; nothing said: there is no user yet. */
  readonly http?: Parameters<typeof jarAnswer>[0];
}

/** How an iteration, a hook or module level ended. */
export interface BoxEnd {
  readonly kind: 'done' | 'threw' | 'interrupted';
  /** The result as JSON, or the error's stack. */
  readonly text: string;
}
