import { createHash } from 'node:crypto';
import { LASTING, PASSING } from '../core/mailbox.ts';

/** Bytes that scripts of one worker hold, all together: what they made, and answers that they took as bytes. */
const BYTES_MAX = 256_000_000;

interface Held {
  readonly bytes: Buffer;
  readonly contentType: string;
}

/**
 * Bytes that a script made, or took from an answer. What an iteration makes passes with it; what module level and hooks make lasts as long as the worker, and
 * what is the same in many users is held once.
 */
export class ScriptBytes {
  readonly #held = new Map<string, Held>();
  /** By user. */
  readonly #passing = new Map<number, string[]>();
  /** References of what lasts, by content. */
  readonly #lasting = new Map<string, string>();
  readonly #bytesMax: number;
  #parts: Buffer[] = [];
  #partBytes = 0;
  #bytes = 0;
  #count = 0;

  constructor(bytesMax = BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a piece of what is being made. @param latin1 - a character a byte */
  part(latin1: string): void {
    this.#partBytes += latin1.length;
    if (this.#bytes + this.#partBytes <= this.#bytesMax) this.#parts.push(Buffer.from(latin1, 'latin1'));
  }

  /** All pieces have come. @param vu - whose iteration it passes with; undefined: it lasts @returns as {@link keep} */
  made(vu: number | undefined): string {
    const [parts, bytes] = [this.#parts, this.#partBytes];
    this.#parts = [];
    this.#partBytes = 0;
    if (this.#bytes + bytes > this.#bytesMax) return this.#refusal(bytes);
    return this.keep(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, bytes), { vu, contentType: '' });
  }

  /** @param bytes - nobody writes to it any more @returns its reference; `!` and why when there are too many */
  keep(bytes: Buffer, { vu, contentType }: { vu: number | undefined; contentType: string }): string {
    if (vu === undefined) return this.#keepLasting(bytes, contentType);
    const reference = this.#add(PASSING, { bytes, contentType });
    if (reference.startsWith('!')) return reference;
    const own = this.#passing.get(vu);
    if (own === undefined) this.#passing.set(vu, [reference]);
    else own.push(reference);
    return reference;
  }

  find(reference: string): Held | undefined {
    return this.#held.get(reference);
  }

  /** The iteration of a user is over: what it made is gone. */
  forget(vu: number): void {
    const own = this.#passing.get(vu);
    if (own === undefined) return;
    this.#passing.delete(vu);
    for (const reference of own) {
      this.#bytes -= this.#held.get(reference)?.bytes.length ?? 0;
      this.#held.delete(reference);
    }
  }

  #keepLasting(bytes: Buffer, contentType: string): string {
    const content = `${createHash('sha256').update(bytes).digest('hex')} ${contentType}`;
    const known = this.#lasting.get(content);
    if (known !== undefined) return known;
    const reference = this.#add(LASTING, { bytes, contentType });
    if (!reference.startsWith('!')) this.#lasting.set(content, reference);
    return reference;
  }

  #add(pool: string, held: Held): string {
    if (this.#bytes + held.bytes.length > this.#bytesMax) return this.#refusal(held.bytes.length);
    this.#bytes += held.bytes.length;
    const reference = `${pool}/${this.#count++}`;
    this.#held.set(reference, held);
    return reference;
  }

  #refusal(bytes: number): string {
    const most = this.#bytesMax / 1_000_000;
    return `!${bytes} bytes more are too many: the users of a worker hold ${this.#bytes}, at most ${most} MB; what an iteration makes is free again at its end`;
  }
}
