import { ASK } from '../core/mailbox.ts';
import { bytesOf, bytesOfLatin1, latin1Of } from './bytes.ts';
import { GuestDataUrl, holeFor, nameBytes, referenceOf } from './bytes-in-requests.ts';
import { ask, askText } from './host.ts';
import type { Vu } from './state.ts';
import type { Bytes, Embedded } from './stressrun.d.ts';

/** Bytes cross the sandbox in texts of at most so many characters. */
const PIECE = 1 << 20;

/** What is known of bytes here. */
interface Known {
  /** Of the whole that they are a part of, or are. */
  readonly place: string;
  readonly from: number;
  readonly length: number;
  readonly type: string;
  readonly filename: string;
  /** Whether they are all that lies there. */
  readonly isWhole: boolean;
}

/** Bytes that lie at the host: of a file, an answer, or made by the script. */
export class GuestBytes implements Bytes {
  readonly length: number;
  readonly type: string;
  readonly filename: string;
  readonly #known: Known;
  #sha256 = '';

  constructor(known: Known) {
    this.#known = known;
    this.length = known.length;
    this.type = known.type;
    this.filename = known.filename;
    nameBytes(this, known.isWhole ? known.place : `${known.place}:${known.from}-${known.from + known.length}`);
    Object.freeze(this);
  }

  get sha256(): string {
    if (this.#sha256 === '') this.#sha256 = askText(ASK.bytesDigest, 0, this.#reference());
    return this.#sha256;
  }

  get dataUrl(): Embedded {
    return new GuestDataUrl(this);
  }

  slice(start = 0, end: number = this.length): Bytes {
    const from = placeIn(this.length, start);
    const length = Math.max(0, placeIn(this.length, end) - from);
    return new GuestBytes({ ...this.#known, from: this.#known.from + from, length, isWhole: false });
  }

  toUint8Array(): Uint8Array {
    const out = new Uint8Array(this.length);
    for (let at = 0; at < this.length; at += PIECE) {
      const piece = this.slice(at, at + PIECE);
      out.set(bytesOfLatin1(askText(ASK.bytesRead, 0, referenceOf(piece) ?? '')), at);
    }
    return out;
  }

  text(): string {
    return askText(ASK.bytesRead, 1, this.#reference());
  }

  base64(): string {
    return askText(ASK.base64, 0, this.#reference());
  }

  toJSON(key: string): unknown {
    return holeFor(this, 'base64', { key, what: 'bytes' }) ?? { length: this.length, type: this.type, filename: this.filename };
  }

  #reference(): string {
    return referenceOf(this) as string;
  }
}

/** As slices of arrays count: from the end where it is below 0. */
function placeIn(length: number, at: number): number {
  const whole = Math.trunc(Number(at)) || 0;
  return Math.min(length, Math.max(0, whole < 0 ? length + whole : whole));
}

/** What the host says of bytes that it has just been given. @throws RangeError when there are too many */
function placed(answer: string): string {
  if (answer.startsWith('!')) throw new RangeError(`bytes: ${answer.slice(1)}`);
  return answer;
}

/** `bytes` of one virtual user. */
export function makeBytes(vu: Vu) {
  return (data: unknown): Bytes => {
    if (data instanceof GuestBytes) return data;
    let latin1: string;
    try {
      latin1 = typeof data === 'string' ? askText(ASK.utf8Encode, 0, data) : latin1Of(bytesOf(data));
    } catch {
      throw new TypeError(
        `bytes: expected a text, an ArrayBuffer, a typed array or a DataView; got ${data === null ? 'null' : typeof data}`,
      );
    }
    for (let at = 0; at < latin1.length; at += PIECE) ask(ASK.bytesPart, 0, latin1.slice(at, at + PIECE));
    const place = placed(askText(ASK.bytesMade, vu.index, ''));
    return new GuestBytes({ place, from: 0, length: latin1.length, type: 'application/octet-stream', filename: '', isWhole: true });
  };
}

/** The body of an answer as bytes; undefined: it is gone. @throws RangeError when users hold too many */
export function bytesOfAnswer(handle: number): Bytes | undefined {
  const answer = placed(askText(ASK.answerBytes, handle, ''));
  if (answer === '') return undefined;
  const [place = '', length, type = ''] = answer.split(' ');
  return new GuestBytes({ place, from: 0, length: Number(length), type, filename: '', isWhole: true });
}

/** A file of the run as bytes. */
export function bytesOfFile(place: string, file: { length: number; type: string; filename: string }): Bytes {
  return new GuestBytes({ place, from: 0, isWhole: true, ...file });
}
