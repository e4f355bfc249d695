import { Buffer } from 'node:buffer';
import { frameOf } from '../core/frame.ts';
import { hashOfText } from '../core/random.ts';

/** A file of a form, or a part with a type of its own; its bytes may come in pieces (see unique-bytes.ts), which are copied once, into the body. */
export interface FileValue {
  /** Absent: it is no file, such as JSON. */
  readonly filename?: string;
  readonly contentType: string;
  readonly bytes: Buffer | readonly Buffer[];
}

/** One field of a form. Text is sent as UTF-8, exactly as it is. */
export interface MultipartField {
  readonly name: string;
  readonly value: string | FileValue;
}

/** A whole form. Shared by everyone who asks for the same one: never write to `body`. */
export interface MultipartForm {
  readonly body: Buffer;
  readonly contentType: string;
}

/** The body of a form. The boundary must not occur in it: {@link formOf} looks. */
export function multipartOf(fields: readonly MultipartField[], boundary: string): Buffer {
  const pieces: Buffer[] = [];
  for (const { name, value } of fields) {
    const opening = `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name.replaceAll(LINE_BREAK, '\r\n'))}"`;
    if (typeof value === 'string') {
      pieces.push(Buffer.from(`${opening}\r\n\r\n${value}\r\n`));
    } else {
      const named = value.filename === undefined ? '' : `; filename="${escapeName(value.filename)}"`;
      pieces.push(Buffer.from(`${opening}${named}\r\nContent-Type: ${value.contentType}\r\n\r\n`), ...piecesOf(value), CRLF);
    }
  }
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(pieces);
}

/** A form with a boundary that does not occur in it; the same fields always give the same bytes. */
export function formOf(fields: readonly MultipartField[]): MultipartForm {
  const hash = hashOfText(fields.map(({ name }) => name).join('\n'));
  for (let attempt = 0; ; attempt++) {
    const boundary = `----stressrun${hash.toString(16).padStart(8, '0')}${attempt.toString(16).padStart(8, '0')}`;
    if (!fields.some((field) => contains(field, boundary))) {
      return { body: multipartOf(fields, boundary), contentType: `multipart/form-data; boundary=${boundary}` };
    }
  }
}

interface CacheLimits {
  /** Forms kept. */
  countMax?: number;
  /** Bytes of all bodies kept; a body larger than a quarter of it is not. */
  bytesMax?: number;
}

/** Forms that are sent again and again, assembled once. The form not asked for longest makes room. */
export class MultipartCache {
  readonly #forms = new Map<string, MultipartForm>();
  readonly #countMax: number;
  readonly #bytesMax: number;
  #bytes = 0;

  constructor({ countMax = 2000, bytesMax = 256_000_000 }: CacheLimits = {}) {
    this.#countMax = countMax;
    this.#bytesMax = bytesMax;
  }

  /** Forms and bytes held now. */
  get size(): { count: number; bytes: number } {
    return { count: this.#forms.size, bytes: this.#bytes };
  }

  /** @param pictureKey - tells the bytes of all files in the form from any others; everything else of the fields is compared here */
  bodyFor(pictureKey: string, fields: readonly MultipartField[]): MultipartForm {
    let key = frameOf([], pictureKey);
    for (const { name, value } of fields) {
      key +=
        frameOf([], name) +
        (typeof value === 'string'
          ? frameOf([0], value)
          : frameOf([value.filename === undefined ? 2 : 1], value.filename ?? '') + frameOf([], value.contentType));
    }
    const known = this.#forms.get(key);
    if (known !== undefined) {
      this.#forms.delete(key);
      this.#forms.set(key, known); // a Map keeps the order of insertion: this one is now the newest
      return known;
    }
    const form = formOf(fields);
    if (form.body.length <= this.#bytesMax / 4) this.#keep(key, form);
    return form;
  }

  #keep(key: string, form: MultipartForm): void {
    this.#forms.set(key, form);
    this.#bytes += form.body.length;
    for (const [oldest, { body }] of this.#forms) {
      if (this.#forms.size <= this.#countMax && this.#bytes <= this.#bytesMax) return;
      this.#forms.delete(oldest);
      this.#bytes -= body.length;
    }
  }
}

const CRLF = Buffer.from('\r\n');
/** Browsers make each a CR LF in names, and leave them in names of files as they are. */
const LINE_BREAK = /\r\n?|\n/g;

function piecesOf({ bytes }: FileValue): readonly Buffer[] {
  return Buffer.isBuffer(bytes) ? [bytes] : bytes;
}

/** As browsers do it. @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function escapeName(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function contains({ name, value }: MultipartField, boundary: string): boolean {
  if (name.includes(boundary)) return true;
  return typeof value === 'string'
    ? value.includes(boundary)
    : value.filename?.includes(boundary) === true || piecesOf(value).some((piece) => piece.includes(boundary));
}
