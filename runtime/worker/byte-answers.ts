import { ASK } from '../core/mailbox.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { PictureStore } from './pictures.ts';
import { bareType } from './request-content.ts';
import type { HostVu } from './vu-table.ts';

interface Holders {
  readonly pictures: PictureStore;
  readonly crew: { readonly desk: { readonly answers: KeptAnswers } | undefined; find(vu: number): HostVu | undefined };
}

/** Answers what the guest asks of bytes that lie here. @returns undefined when the kind is not one of them */
export function byteAnswer(kind: number, asked: { number: number; text: string }, holders: Holders): string | undefined {
  const { number, text } = asked;
  const { pictures } = holders;
  switch (kind) {
    case ASK.base64:
      return pictures.base64(text);
    case ASK.bytesPart:
      pictures.made.part(text);
      return '';
    case ASK.bytesMade:
      return pictures.made.made(iterationOf(holders, number));
    case ASK.answerBytes:
      return answerBytes(number, holders);
    case ASK.bytesRead:
      return pictures.read(text)?.toString(number === 1 ? 'utf8' : 'latin1') ?? '';
    case ASK.bytesDigest:
      return pictures.digest(text);
    case ASK.bytesAlive:
      return pictures.has(text) ? '1' : '';
    case ASK.dataUrl:
      return dataUrlOf(text, pictures);
    default:
      return undefined;
  }
}

/** Empty: they are gone, or not drawn yet. */
function dataUrlOf(reference: string, pictures: PictureStore): string {
  if (!pictures.has(reference) || pictures.isDrawnPerUse(reference)) return '';
  return `data:${bareType(pictures.typeOf(reference))};base64,${pictures.base64(reference)}`;
}

function answerBytes(handle: number, holders: Holders): string {
  const lent = holders.crew.desk?.answers.lend(handle);
  if (lent === undefined) return '';
  const { vu, body } = lent;
  const contentType = bareType(lent.contentType);
  const reference = holders.pictures.made.keep(body, { vu: iterationOf(holders, vu), contentType });
  return reference.startsWith('!') ? reference : `${reference} ${body.length} ${contentType}`;
}

/** The user whose iteration it is; undefined at module level and in hooks, whose bytes last. */
function iterationOf({ crew }: Holders, vu: number): number | undefined {
  return crew.find(vu)?.phase === 'iteration' ? vu : undefined;
}
