/** How errors are told to people: the same words in every report. */

interface ErrorKind {
  readonly kind: string;
  readonly code: number;
}

/** Codes of answers are 1000 and their status, as k6 has them. */
const STATUS_CODE_FROM = 1000;

/** `status 429`, `timeout 1050`, `script`. */
export function errorKindText({ kind, code }: ErrorKind): string {
  if (code === 0) return kind;
  return kind === 'status' && code > STATUS_CODE_FROM ? `status ${code - STATUS_CODE_FROM}` : `${kind} ${code}`;
}

/** `POST /predict`, and the task and the part of the run where it has them: `(predict_large_image, during warm-up)`. */
export function errorPlaceText(error: {
  readonly name: string;
  readonly task?: string;
  readonly method?: string;
  readonly period?: string;
}): string {
  const { name, task = '', method = '', period } = error;
  const about = [task, period === undefined ? '' : `during ${period}`].filter(Boolean).join(', ');
  return `${method === '' ? '' : `${method} `}${name}${about === '' ? '' : ` (${about})`}`;
}
