import { useEffect, useState } from 'preact/hooks';
import type { AnswerOf, OperationName } from '../views/api/operations.ts';
import { type ApiProblem, type Asked, ask, asProblem } from './api-client.ts';

/** What a GET has come to. While it loads again the last value stays. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly problem: ApiProblem | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/** Asks the API, again when what is asked changes; null asks nothing. */
export function useAnswer<Name extends OperationName>(name: Name, asked: Asked<Name> | null): Answer<AnswerOf<Name>> {
  const question = asked === null ? null : JSON.stringify(asked);
  const [kept, setKept] = useState<{ question: string | null; value?: AnswerOf<Name>; problem?: ApiProblem }>({ question: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (asked === null) return;
    const abort = new AbortController();
    ask(name, asked, abort.signal).then(
      (value) => setKept({ question, value }),
      (error: unknown) => {
        if (!abort.signal.aborted) setKept((last) => ({ ...last, question, problem: asProblem(error) }));
      },
    );
    return () => abort.abort();
  }, [question, round]);
  const isMine = kept.question === question;
  return {
    value: kept.value,
    problem: isMine ? kept.problem : undefined,
    isLoading: question !== null && !isMine,
    reload: () => setRound((n) => n + 1),
  };
}
