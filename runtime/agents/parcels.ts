import { createHash } from 'node:crypto';
import { COPIED_BYTES_MAX } from '../cluster/shared-bytes.ts';
import { ClusterError } from '../core/errors.ts';
import type { Sent } from '../messages/messages.ts';

/** What is as long travels apart, by its digest: once to each agent, however many workers need it. */
const PARCEL_BYTES_MIN = 32 << 10;

/** Stands in a message for bytes or a text that is fetched by its digest. */
export interface Parcel {
  readonly sha256: string;
  readonly bytes: number;
  readonly isText: boolean;
}

interface ParcelHolder {
  readonly parcel: Parcel;
}

/** What the coordinator has for agents to fetch, by digest. */
export class ParcelStore {
  readonly #parcels = new Map<string, Buffer>();
  readonly #known = new WeakMap<Buffer, string>();

  /** A message with parcels in the place of all that is long in it: scripts, data, pictures. */
  lift(message: Sent): Sent {
    return replaced(message, (value) => {
      if (typeof value === 'string') return this.#text(value);
      return Buffer.isBuffer(value) ? this.#bytes(value) : value;
    });
  }

  /** A part of a parcel; undefined: there is none. */
  part(sha256: string, at: number, length: number): Buffer | undefined {
    return this.#parcels.get(sha256)?.subarray(at, at + length);
  }

  #text(text: string): string | ParcelHolder {
    if (text.length < PARCEL_BYTES_MIN) return text;
    const bytes = Buffer.from(text);
    return this.#keep(bytes, digestOf(bytes), true);
  }

  #bytes(bytes: Buffer): Buffer | ParcelHolder {
    if (bytes.length < PARCEL_BYTES_MIN) return bytes;
    const sha256 = this.#known.get(bytes) ?? digestOf(bytes);
    this.#known.set(bytes, sha256);
    return this.#keep(bytes, sha256, false);
  }

  #keep(bytes: Buffer, sha256: string, isText: boolean): ParcelHolder {
    if (!this.#parcels.has(sha256)) this.#parcels.set(sha256, bytes);
    return { parcel: { sha256, bytes: bytes.length, isText } };
  }
}

/** Fetches what is at `at` of a parcel and behind. */
export type FetchPart = (sha256: string, at: number) => Promise<Buffer>;

/** What an agent has fetched for a run, each once. */
export class ParcelCache {
  readonly #fetch: FetchPart;
  readonly #fetched = new Map<string, Promise<Buffer>>();

  constructor(fetch: FetchPart) {
    this.#fetch = fetch;
  }

  /** Whether the message has to wait for something. */
  static isWhole(message: Sent): boolean {
    return parcelsOf(message).length === 0;
  }

  /**
   * The message as it was before it was lifted.
   * @param place - where the bytes of a picture of a large pool are put for all workers, if there is such a place
   * @throws {ClusterError} when something cannot be had, or is not what its digest says
   */
  async fill(message: Sent, place: (sha256: string, bytes: Buffer) => unknown): Promise<Sent> {
    const found = new Map<string, Buffer>();
    for (const { parcel } of parcelsOf(message)) found.set(parcel.sha256, await this.#get(parcel));
    return replaced(message, (value, poolBytes) => {
      if (!isHolder(value)) return value;
      const { sha256, isText } = value.parcel;
      const bytes = found.get(sha256) as Buffer;
      if (isText) return bytes.toString('utf8');
      return poolBytes > COPIED_BYTES_MAX ? place(sha256, bytes) : bytes;
    });
  }

  #get(parcel: Parcel): Promise<Buffer> {
    const known = this.#fetched.get(parcel.sha256) ?? this.#whole(parcel);
    this.#fetched.set(parcel.sha256, known);
    return known;
  }

  async #whole({ sha256, bytes: length }: Parcel): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let at = 0; at < length; ) {
      const part = await this.#fetch(sha256, at);
      if (part.length === 0) throw new ClusterError(`parcel ${sha256} ended after ${at} of ${length} bytes`);
      parts.push(part);
      at += part.length;
    }
    const whole = Buffer.concat(parts);
    const got = digestOf(whole);
    if (got !== sha256) throw new ClusterError(`expected a part of the script or its data with the SHA-256 ${sha256}; got ${got}`);
    return whole;
  }
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function isHolder(value: unknown): value is ParcelHolder {
  return typeof value === 'object' && value !== null && 'parcel' in value;
}

function parcelsOf(message: Sent): ParcelHolder[] {
  const found: ParcelHolder[] = [];
  replaced(message, (value) => {
    if (isHolder(value)) found.push(value);
    return value;
  });
  return found;
}

/** The message with something else in each place where a parcel may be. @param by - told how large the pool is that a picture is of, bytes */
function replaced(message: Sent, by: (value: unknown, poolBytes: number) => unknown): Sent {
  if (message.type === 'sandbox') return { ...message, guestText: by(message.guestText, 0) } as Sent;
  if (message.type === 'configure')
    return { ...message, guestText: by(message.guestText, 0), script: { ...message.script, code: by(message.script.code, 0) } } as Sent;
  if (message.type !== 'answers') return message;
  return {
    ...message,
    answers: message.answers.map(([key, json]) => [key, by(json, 0)]),
    pools: message.pools.map((pool) => {
      const poolBytes = pool.pictures.reduce((sum, { bytes }) => sum + lengthOf(bytes), 0);
      return { ...pool, pictures: pool.pictures.map((picture) => ({ ...picture, bytes: by(picture.bytes, poolBytes) })) };
    }),
  } as Sent;
}

function lengthOf(bytes: unknown): number {
  return isHolder(bytes) ? bytes.parcel.bytes : (bytes as { length: number }).length;
}
