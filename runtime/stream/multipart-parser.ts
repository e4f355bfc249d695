import type { EventParser, OnEvent } from './event-parser.ts';
import { Growing } from './growing.ts';
import { Lines } from './lines.ts';
import { beginningOf, StreamFault, tooLarge } from './stream-fault.ts';

const [CR, LF] = [0x0d, 0x0a];
/** Of the lines of one part, and of what comes before the first. */
const HEADER_BYTES_MAX = 64 * 1024;
/** After a delimiter on its line: two dashes, a few blanks, a line end. */
const SLACK_BYTES = 8;

interface Part {
  type: string;
  /** As it says itself; undefined: it ends before the next delimiter. */
  lengthBytes: number | undefined;
}

/**
 * Parts of multipart/x-mixed-replace, as cameras send pictures. A part with a length is told with its last byte; one without is known to be whole when the next
 * delimiter has come, and is dated by the read that brought its own last byte.
 * @see https://www.rfc-editor.org/rfc/rfc2046#section-5.1
 */
export class MultipartParser implements EventParser {
  readonly #onEvent: OnEvent;
  readonly #bytesMax: number;
  readonly #token: string;
  readonly #lines = new Lines(false, HEADER_BYTES_MAX);
  /** As the body itself has it: of `boundary=frame` servers make `--frame`, `frame` and `----frame`. */
  #delimiter: Buffer | undefined;
  #place: 'between' | 'headers' | 'counted' | 'open' | 'over' = 'between';
  #headerBytes = 0;
  #part: Part = { type: '', lengthBytes: undefined };
  readonly #body = new Growing();
  #counted = 0;
  /** Ends of what the last reads brought of a part without a length, and when. */
  #reads: { end: number; atUs: number }[] = [];

  /** @param boundary - as the content-type has it */
  constructor(onEvent: OnEvent, bytesMax: number, boundary: string) {
    this.#onEvent = onEvent;
    this.#bytesMax = bytesMax;
    this.#token = boundary.replace(/^-+/, '');
  }

  push(bytes: Buffer, from: number, to: number, atUs: number): void {
    let at = from;
    while (at < to && this.#place !== 'over') {
      if (this.#place === 'counted') at = this.#readCounted(bytes, at, to, atUs);
      else if (this.#place === 'open') at = this.#readOpen(bytes, at, to, atUs);
      else at = this.#readLine(bytes, at, to, atUs);
    }
  }

  end(): void {
    const { length } = this.#body;
    if (this.#place === 'open') this.#readOpen(Buffer.from('\n'), 0, 1, this.#reads.at(-1)?.atUs ?? 0); // a last delimiter may lack the end of its line
    if (this.#place === 'open' && length > 0) this.#tellOpen(length);
    else if (this.#place === 'counted' || this.#place === 'headers')
      throw new StreamFault('reset', 'the stream ended within a part: the server did not send it whole');
  }

  /** One line of what stands between bodies. @returns where the next one begins */
  #readLine(bytes: Buffer, from: number, to: number, atUs: number): number {
    const lf = bytes.subarray(from, to).indexOf(LF);
    const next = lf < 0 ? to : from + lf + 1;
    this.#headerBytes += next - from;
    if (this.#headerBytes > HEADER_BYTES_MAX)
      throw new StreamFault(
        'bad-response',
        `more than ${HEADER_BYTES_MAX} bytes came without a part of the boundary ${beginningOf(this.#token)}`,
      );
    this.#lines.push(bytes, from, next, (line) => this.#onLine(line, atUs));
    return next;
  }

  #onLine(given: Buffer, atUs: number): void {
    const line = given.toString('latin1').trimEnd();
    if (this.#place === 'headers') return line === '' ? this.#beginBody(atUs) : this.#onHeader(line);
    const end = this.#endOf(line);
    if (end === undefined) return;
    this.#place = end === '--' ? 'over' : 'headers';
    this.#part = { type: 'text/plain', lengthBytes: undefined };
  }

  /** What follows the delimiter on its line; undefined: this is none. */
  #endOf(line: string): '' | '--' | undefined {
    if (this.#delimiter === undefined) {
      const at = line.indexOf(this.#token);
      if (at < 0 || !/^-*$/.test(line.slice(0, at)) || !['', '--'].includes(line.slice(at + this.#token.length))) return undefined;
      this.#delimiter = Buffer.from(line.slice(0, at + this.#token.length), 'latin1');
    }
    const delimiter = this.#delimiter.toString('latin1');
    if (line === delimiter) return '';
    if (line === `${delimiter}--`) return '--';
    if (line === '' || this.#part.lengthBytes === undefined) return undefined;
    throw new StreamFault(
      'bad-response',
      `expected the boundary ${beginningOf(delimiter)} after a part of ${this.#part.lengthBytes} bytes (its content-length); got ${beginningOf(line)}`,
    );
  }

  #onHeader(line: string): void {
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    if (name === 'content-type') this.#part.type = value.toLowerCase();
    if (name !== 'content-length') return;
    if (!/^\d{1,15}$/.test(value))
      throw new StreamFault('bad-response', `expected a number as content-length of a part; got ${beginningOf(value)}`);
    this.#part.lengthBytes = Number(value);
    if (this.#part.lengthBytes > this.#bytesMax) throw tooLarge(this.#bytesMax);
  }

  #beginBody(atUs: number): void {
    this.#headerBytes = 0;
    this.#counted = 0;
    this.#body.clear();
    this.#reads = [];
    this.#place = this.#part.lengthBytes === undefined ? 'open' : 'counted';
    if (this.#part.lengthBytes === 0) this.#tell(0, Buffer.alloc(0), atUs);
  }

  #readCounted(bytes: Buffer, from: number, to: number, ...[atUs]: [atUs: number]): number {
    const lengthBytes = this.#part.lengthBytes as number;
    const end = Math.min(to, from + lengthBytes - this.#counted);
    if (isText(this.#part.type)) this.#body.add(bytes, from, end);
    this.#counted += end - from;
    if (this.#counted === lengthBytes) this.#tell(lengthBytes, this.#body.view(), atUs);
    return end;
  }

  /** Looks for the next delimiter in what has come. @returns where the line of the delimiter begins, in these bytes, or their end */
  #readOpen(bytes: Buffer, from: number, to: number, ...[atUs]: [atUs: number]): number {
    const before = this.#body.length;
    this.#body.add(bytes, from, to);
    this.#reads.push({ end: this.#body.length, atUs });
    const delimiter = this.#delimiter as Buffer;
    const all = this.#body.view();
    const slack = delimiter.length + SLACK_BYTES;
    for (let at = all.indexOf(delimiter, Math.max(0, before - slack)); at >= 0; at = all.indexOf(delimiter, at + 1)) {
      if (at > 0 && all[at - 1] !== LF) continue;
      const line = lineAt(all, at + delimiter.length);
      if (line === 'unknown') break;
      if (line === 'other') continue;
      this.#tellOpen(at === 0 ? 0 : at - (all[at - 2] === CR ? 2 : 1));
      this.#place = line.isLast ? 'over' : 'headers';
      this.#part = { type: 'text/plain', lengthBytes: undefined };
      return from + line.end - before;
    }
    if (this.#body.length > this.#bytesMax + slack) throw tooLarge(this.#bytesMax);
    this.#reads = this.#reads.filter(({ end }, i) => end >= this.#body.length - slack || i === this.#reads.length - 1);
    return to;
  }

  #tellOpen(bytes: number): void {
    const atUs = this.#reads.find(({ end }) => end >= bytes)?.atUs ?? 0;
    this.#tell(bytes, this.#body.view(0, bytes), atUs);
  }

  #tell(bytes: number, body: Buffer, atUs: number): void {
    const { type } = this.#part;
    const data = isText(type) ? body.toString('utf8') : '';
    this.#place = 'between';
    this.#headerBytes = 0;
    this.#onEvent({ data, type, id: '', bytes, atUs });
  }
}

/** What follows the bytes of a delimiter: the rest of its line, with where the next begins; `other`: it was none; `unknown`: more must come. */
function lineAt(bytes: Buffer, from: number): { isLast: boolean; end: number } | 'other' | 'unknown' {
  const lf = bytes.indexOf(LF, from);
  const rest = bytes.toString('latin1', from, lf < 0 ? bytes.length : lf);
  if (lf < 0) return rest.length <= SLACK_BYTES && /^-?-?[ \t]*\r?$/.test(rest) ? 'unknown' : 'other';
  return /^(?:--)?[ \t]*\r?$/.test(rest) ? { isLast: rest.startsWith('--'), end: lf + 1 } : 'other';
}

/** Whether a part is of use to a script: pictures stay outside. */
function isText(type: string): boolean {
  return /^text\/|[/+]json\b/.test(type);
}
