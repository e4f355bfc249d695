import { decoded, encodingOf, markOf } from '../core/charset.ts';
import type { HttpOutcome } from '../core/records.ts';

type Answer = Pick<HttpOutcome, 'body' | 'charset'>;

/** The charset that a `content-type` names, as the platform calls it; empty: UTF-8, or one that nobody knows. */
export function charsetOf(contentType: Buffer | undefined): string {
  const label = contentType === undefined ? undefined : /;\s*charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType.toString('latin1'))?.[1];
  if (label === undefined || /^utf-?8$/i.test(label)) return '';
  const encoding = encodingOf(label) ?? ''; // as browsers do
  return encoding === 'utf-8' ? '' : encoding;
}

/** The body as text: by its byte order mark, else its charset, else UTF-8; the mark is no part of it. Empty for none. */
export function textOfAnswer({ body, charset = '' }: Answer): string {
  if (body === undefined) return '';
  const mark = markOf(body);
  return decoded(body, mark === '' ? charset : mark);
}

/** The body in UTF-8 and without a mark, as a reader of JSON wants it; mostly as it came. */
export function utf8OfAnswer(answer: Answer): Buffer | undefined {
  const { body, charset = '' } = answer;
  return body === undefined || (charset === '' && markOf(body) === '') ? body : Buffer.from(textOfAnswer(answer));
}
