import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { ClusterError, ConfigError } from '../core/errors.ts';
import { SAMPLE_BYTES, type SampleBatch } from '../core/samples.ts';
import { cleanIdentity } from './clean-identity.ts';
import { csvFormat } from './k6-csv.ts';
import { jsonFormat } from './k6-json.ts';
import type { LiveOutput, OutputMeta } from './live-output.ts';
import type { OutputTarget } from './output-target.ts';
import type { SampleFormat, SampleWriter } from './sample-format.ts';

/** Samples that may wait for the disk, about 1.4 million: what comes past them is dropped and counted. */
const WAITING_BYTES_MAX = 32 << 20;

interface Waiting {
  readonly writers: ReadonlyMap<number, SampleWriter>;
  readonly bytes: Buffer;
}

/** `-o csv=F`, `-o json=F[.gz]`: every single sample, as it comes. @throws {ConfigError} when the file cannot be written */
export async function openSampleFile(target: Extract<OutputTarget, { kind: 'csv' | 'json' }>, meta: OutputMeta): Promise<LiveOutput> {
  const { kind, name, path, isGzip } = target;
  const handle = await open(path, 'w').catch((error: unknown) => {
    throw new ConfigError('--out', `${name}: ${path} cannot be written: ${(error as Error).message}`, { cause: error });
  });
  const disk = createWriteStream(path, { fd: handle });
  const gzip = isGzip ? createGzip() : undefined;
  gzip?.pipe(disk);
  const file = new SampleFile(kind === 'csv' ? csvFormat(meta.csvFormulas) : jsonFormat(), {
    disk,
    into: gzip ?? disk,
    redact: meta.redact,
  });
  return { name, samples: (worker, batch) => file.take(worker, batch), close: () => file.close() };
}

/** Streams samples into a file, within bounded memory. */
export class SampleFile {
  readonly #format: SampleFormat;
  readonly #disk: Writable;
  readonly #into: Writable;
  readonly #redact: (text: string) => string;
  readonly #writers = new Map<number, Map<number, SampleWriter>>();
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #samples = 0;
  #dropped = 0;
  #problem = '';
  #writing: Promise<void> | undefined;

  /** @param where - `into` leads to `disk`, or is it */
  constructor(format: SampleFormat, where: { disk: Writable; into: Writable; redact(text: string): string }) {
    this.#format = format;
    [this.#disk, this.#into, this.#redact] = [where.disk, where.into, where.redact];
    for (const stream of new Set([this.#disk, this.#into]))
      stream.on('error', (error) => {
        this.#problem = error.message;
        this.#disk.destroy();
        this.#into.destroy();
      });
    if (format.header !== '') this.#into.write(format.header);
  }

  /** @throws {ClusterError} when the worker names a series that it has not introduced */
  take(worker: number, { series, bytes, dropped }: SampleBatch): void {
    const writers = this.#writersOf(worker);
    for (const { id, identity } of series) writers.set(id, this.#format.writer(cleanIdentity(identity, this.#redact)));
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    refuseUnknown(worker, buffer, writers);
    const count = buffer.length / SAMPLE_BYTES;
    this.#samples += count + dropped;
    this.#dropped += dropped;
    if (this.#problem !== '' || this.#waitingBytes + buffer.length > WAITING_BYTES_MAX) {
      this.#dropped += count;
      return;
    }
    this.#waiting.push({ writers, bytes: buffer });
    this.#waitingBytes += buffer.length;
    this.#writing ??= this.#write();
  }

  async close(): Promise<string[]> {
    await this.#writing;
    this.#into.end();
    await finished(this.#disk).catch((error: unknown) => {
      this.#problem ||= (error as Error).message;
    });
    if (this.#problem !== '') return [`the file is not whole: ${this.#problem}; ${this.#dropped} of ${this.#samples} samples were dropped`];
    if (this.#dropped === 0) return [];
    const percent = ((this.#dropped / this.#samples) * 100).toFixed(1);
    return [`${this.#dropped} of ${this.#samples} samples (${percent}%) were dropped: they came faster than they could be written`];
  }

  async #write(): Promise<void> {
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      this.#waitingBytes -= batch.bytes.length;
      if (this.#problem === '') await this.#writeText(textOf(batch));
      else this.#dropped += batch.bytes.length / SAMPLE_BYTES;
      // a turn for everybody else between two batches
      await new Promise(setImmediate);
    }
    this.#writing = undefined;
  }

  async #writeText(text: string): Promise<void> {
    if (this.#into.write(text)) return;
    const isOver = new AbortController();
    const { signal } = isOver;
    await Promise.race([once(this.#into, 'drain', { signal }), once(this.#into, 'close', { signal })]).catch(() => undefined);
    isOver.abort();
  }

  #writersOf(worker: number): Map<number, SampleWriter> {
    let writers = this.#writers.get(worker);
    if (writers === undefined) {
      writers = new Map();
      this.#writers.set(worker, writers);
    }
    return writers;
  }
}

function refuseUnknown(worker: number, bytes: Buffer, writers: ReadonlyMap<number, SampleWriter>): void {
  if (bytes.length % SAMPLE_BYTES !== 0) throw new ClusterError(`worker ${worker} sent half a sample`);
  for (let at = 0; at < bytes.length; at += SAMPLE_BYTES)
    if (!writers.has(bytes.readDoubleLE(at)) || !Number.isFinite(bytes.readDoubleLE(at + 8)) || !isTime(bytes.readDoubleLE(at + 16)))
      throw new ClusterError(`worker ${worker} sent a sample of a series that it has not introduced, or that is no number`);
}

/** Up to the last moment that a Date knows. */
function isTime(us: number): boolean {
  return us >= 0 && us <= 8.64e18;
}

function textOf({ writers, bytes }: Waiting): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += SAMPLE_BYTES)
    text += writers.get(bytes.readDoubleLE(at))?.line(bytes.readDoubleLE(at + 8), bytes.readDoubleLE(at + 16)) ?? '';
  return text;
}
