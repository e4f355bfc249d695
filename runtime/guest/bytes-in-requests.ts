import { ASK, type JsonForm, type JsonText, PASSING } from '../core/mailbox.ts';
import { askText } from './host.ts';
import type { Embedded } from './stressrun.d.ts';

/** What names bytes to the host, which has them: not to be forged. */
const references = new WeakMap<object, string>();

/** @param reference - `pool/index`; see `PASSING` in core/mailbox.ts */
export function nameBytes(handle: object, reference: string): void {
  references.set(handle, reference);
}

/** The reference of a picture or other bytes; undefined for anything else. @throws TypeError when they are gone */
export function referenceOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const reference = references.get(value);
  if (reference?.startsWith(`${PASSING}/`) === true && askText(ASK.bytesAlive, 0, reference) === '') throw new BytesGoneError();
  return reference;
}

/** Bytes were kept beyond their iteration. */
export class BytesGoneError extends TypeError {
  constructor() {
    super(
      'the bytes are gone: what an iteration makes or takes from an answer lasts until its end; what module level or vuSetup() makes lasts as long as the user',
    );
    this.name = 'BytesGoneError';
  }
}

/** JSON of a request while it is written: where bytes stand in it. */
interface Writing {
  /** Stands for bytes, followed by their number and a full stop; a text in it by chance there is none. */
  readonly mark: string;
  readonly holes: [reference: string, form: JsonForm][];
}

/** `none`: what becomes JSON is the script's own; `options`: those of a request beside its JSON, where no bytes may stand. */
let writing: Writing | 'options' | 'none' = 'none';
let mark = '';

/**
 * What stands for bytes in the JSON of a request: the host puts them in, so that nothing large leaves the sandbox.
 * @returns undefined outside of requests @throws TypeError where JSON of a request has no place for them
 */
export function holeFor(handle: object, form: JsonForm, place: { key: string; what: string }): string | undefined {
  if (writing === 'none') return undefined;
  const reference = referenceOf(handle);
  if (typeof writing === 'string' || reference === undefined) {
    refuseInRequest(place.key, place.what, 'it can stand in json, multipart and body');
    return undefined;
  }
  writing.holes.push([reference, form]);
  return `${writing.mark}${writing.holes.length - 1}.`;
}

/** @throws TypeError in a request */
export function refuseInRequest(key: string, what: string, remedy: string): void {
  if (writing !== 'none') throw new TypeError(`${key === '' ? '' : `${key}: `}${what} cannot stand here: ${remedy}`);
}

/** What is sent as JSON, with places for bytes; undefined for what JSON does not know. @throws TypeError as JSON.stringify does */
export function jsonWithBytes(value: unknown): JsonText | undefined {
  if (mark === '') mark = `\uE000${askText(ASK.uuid, 0, '')}:`;
  const written: Writing = { mark, holes: [] };
  const text = inState(written, value);
  if (text === undefined || written.holes.length === 0) return text;
  const [first = '', ...rest] = text.split(mark);
  return [
    first,
    ...rest.flatMap((piece) => {
      const stop = piece.indexOf('.');
      return [written.holes[Number(piece.slice(0, stop))] as [string, JsonForm], piece.slice(stop + 1)];
    }),
  ];
}

/** All other options of a request as JSON. @throws TypeError when there are bytes in them */
export function optionsWithoutBytes(options: unknown): string {
  return inState('options', options) as string;
}

function inState(state: Writing | 'options', value: unknown): string | undefined {
  const before = writing;
  writing = state;
  try {
    return JSON.stringify(value);
  } finally {
    writing = before;
  }
}

/** Bytes as a data URL: in JSON of a request the host writes it. */
export class GuestDataUrl implements Embedded {
  readonly #handle: object;

  constructor(handle: object) {
    this.#handle = handle;
    Object.freeze(this);
  }

  toJSON(key: string): string {
    return holeFor(this.#handle, 'dataUrl', { key, what: 'a data URL of bytes' }) ?? this.toString();
  }

  toString(): string {
    const text = askText(ASK.dataUrl, 0, referenceOf(this.#handle) ?? '');
    if (text === '')
      throw new RangeError(
        "dataUrl: a picture of a pool with unique: 'pixels' is drawn when it is sent, so there are no bytes yet; as a value in json the host puts them in",
      );
    return text;
  }
}
