import { useEffect, useState } from 'preact/hooks';
import { type ApiProblem, asProblem, getJson } from './api-client.ts';

/** What a GET has come to. While it loads again the last value stays. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly problem: ApiProblem | undefined;
  readonly isLoading: boolean;
  reload(): void;
}

/** Asks for a path of the API, again when the path changes; null asks nothing. */
export function useAnswer<T>(path: string | null): Answer<T> {
  const [kept, setKept] = useState<{ path: string | null; value?: T; problem?: ApiProblem }>({ path: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    getJson<T>(path, abort.signal).then(
      (value) => setKept({ path, value }),
      (error: unknown) => {
        if (!abort.signal.aborted) setKept((last) => ({ ...last, path, problem: asProblem(error) }));
      },
    );
    return () => abort.abort();
  }, [path, round]);
  const isMine = kept.path === path;
  return {
    value: kept.value,
    problem: isMine ? kept.problem : undefined,
    isLoading: path !== null && !isMine,
    reload: () => setRound((n) => n + 1),
  };
}
