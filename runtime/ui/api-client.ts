import type { AnswerOf, BodyOf, OperationName } from '../views/api/operations.ts';
import type { ApiError } from '../views/api.ts';

/** Relative: the pages may lie below any path. */
export const API = 'api/v1';

/** An answer that is not what was asked for; `status` 0: nobody answered. */
export class ApiProblem extends Error {
  readonly status: number;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** The field, key or flag that is wrong, where the answer says so. */
  readonly where: string | undefined;

  constructor(status: number, message: string, hint?: string, where?: string) {
    super(message);
    this.name = 'ApiProblem';
    this.status = status;
    this.hint = hint;
    this.where = where;
  }
}

/** What an operation is asked with: its run, its query, its body, as far as it has any. */
export type Asked<Name extends OperationName> = (Name extends `${string}{id}${string}`
  ? { readonly id: string }
  : { readonly id?: never }) &
  (BodyOf<Name> extends undefined ? { readonly body?: never } : { readonly body: BodyOf<Name> }) & {
    readonly query?: Readonly<Record<string, string>>;
  };

/** @throws {ApiProblem} */
export function ask<Name extends OperationName>(name: Name, asked: Asked<Name>, signal?: AbortSignal): Promise<AnswerOf<Name>> {
  const [method, path] = name.split(' ') as [string, string];
  const { id = '', body, query = {} } = asked as { id?: string; body?: unknown; query?: Record<string, string> };
  const search = new URLSearchParams(query).toString();
  return send(`${path.replace('{id}', encodeURIComponent(id))}${search === '' ? '' : `?${search}`}`, {
    method: method.toUpperCase(),
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Address of a file in a run's folder. */
export function fileAddress(run: string, name: string): string {
  return `${API}/runs/${encodeURIComponent(run)}/files/${encodeURIComponent(name)}`;
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const answer = await fetch(`${API}${path}`, { ...init, credentials: 'same-origin' }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(
      0,
      'stressrun does not answer',
      'Is it still running? Start it again with `stressrun ui`; this page goes on by itself.',
    );
  });
  const text = await answer.text();
  if (answer.ok) return (text === '' ? {} : JSON.parse(text)) as T;
  throw problemOf(answer.status, text);
}

function problemOf(status: number, text: string): ApiProblem {
  if (status === 401)
    return new ApiProblem(401, 'This browser is not allowed in', 'Open the full address with ?token=… that stressrun printed.');
  try {
    const { error } = JSON.parse(text) as ApiError;
    return new ApiProblem(status, error.message, error.hint, error.where);
  } catch {
    return new ApiProblem(status, `stressrun answered with status ${status}`, text.slice(0, 200) || undefined);
  }
}

/** Anything thrown, as a problem that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(-1, error instanceof Error ? error.message : String(error));
}
