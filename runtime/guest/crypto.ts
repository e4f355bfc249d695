import { ASK } from '../core/mailbox.ts';
import { bytesOf, bytesOfLatin1, latin1Of } from './bytes.ts';
import { askText } from './host.ts';

const HASHES: Record<string, string> = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
const BYTES_AT_ONCE_MAX = 65_536;

function hashName(algorithm: unknown): string {
  const name = typeof algorithm === 'string' ? algorithm : (algorithm as { name?: unknown } | null)?.name;
  const hash = typeof name === 'string' ? HASHES[name.toUpperCase()] : undefined;
  if (hash === undefined) throw new TypeError(`crypto.subtle: expected one of ${Object.keys(HASHES).join(', ')}; got ${String(name)}`);
  return hash;
}

/** An HMAC key. Its bytes are not readable unless it is extractable. */
export class GuestKey {
  readonly type = 'secret';
  readonly algorithm: { name: string; hash: { name: string } };
  readonly extractable: boolean;
  readonly usages: readonly string[];
  readonly #bytes: string;
  readonly #hash: string;

  constructor(bytes: string, hash: string, options: { extractable: boolean; usages: readonly string[] }) {
    this.#bytes = bytes;
    this.#hash = hash;
    const [name = hash] = Object.keys(HASHES).filter((known) => HASHES[known] === hash);
    this.algorithm = { name: 'HMAC', hash: { name } };
    this.extractable = options.extractable;
    this.usages = options.usages;
  }

  static sign(key: GuestKey, data: unknown): string {
    return askText(ASK.hmac, 0, `${key.#hash}:${key.#bytes.length}:${key.#bytes}${latin1Of(data)}`);
  }
}

function requireKey(key: unknown, usage: string): GuestKey {
  if (!(key instanceof GuestKey)) throw new TypeError('crypto.subtle: expected a key made by importKey');
  if (!key.usages.includes(usage)) throw new TypeError(`crypto.subtle: the key may not be used to ${usage}; give importKey that usage`);
  return key;
}

/** The part of Web Crypto that request signing needs: random values, digests and HMAC. */
export const crypto = {
  getRandomValues<T extends ArrayBufferView>(view: T): T {
    const bytes = bytesOf(view);
    if (bytes.length > BYTES_AT_ONCE_MAX)
      throw new RangeError(`crypto.getRandomValues: at most ${BYTES_AT_ONCE_MAX} bytes at once; got ${bytes.length}`);
    bytes.set(bytesOfLatin1(askText(ASK.randomBytes, bytes.length, '')));
    return view;
  },
  randomUUID: (): string => askText(ASK.uuid, 0, ''),
  subtle: {
    async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
      return bytesOfLatin1(askText(ASK.digest, 0, `${hashName(algorithm)}:${latin1Of(data)}`)).buffer;
    },
    async importKey(
      format: unknown,
      data: unknown,
      ...[algorithm, extractable, usages]: [unknown, unknown, readonly string[]]
    ): Promise<GuestKey> {
      if (format !== 'raw') throw new TypeError(`crypto.subtle.importKey: only 'raw' is there; got ${String(format)}`);
      if ((algorithm as { name?: string } | null)?.name?.toUpperCase() !== 'HMAC')
        throw new TypeError(`crypto.subtle.importKey: only { name: 'HMAC', hash } is there`);
      return new GuestKey(latin1Of(data), hashName((algorithm as { hash: unknown }).hash), {
        extractable: Boolean(extractable),
        usages: [...usages],
      });
    },
    async sign(_algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
      return bytesOfLatin1(GuestKey.sign(requireKey(key, 'sign'), data)).buffer;
    },
    async verify(_algorithm: unknown, key: unknown, ...[signature, data]: [unknown, unknown]): Promise<boolean> {
      const right = GuestKey.sign(requireKey(key, 'verify'), data);
      const given = latin1Of(signature);
      let difference = right.length ^ given.length;
      for (let i = 0; i < right.length; i++) difference |= right.charCodeAt(i) ^ given.charCodeAt(i);
      return difference === 0;
    },
  },
};
