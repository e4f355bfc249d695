import type { SampleBatch } from '../core/samples.ts';
import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import type { OutputTarget } from './output-target.ts';

/** All outputs of a run. */
export class LiveOutputs {
  readonly #outputs: readonly LiveOutput[];

  private constructor(outputs: readonly LiveOutput[]) {
    this.#outputs = outputs;
  }

  /** Loads what the outputs need; whether anybody listens at the other end is not asked. @throws {ConfigError} when a file or a port is not to be had */
  static async open(targets: readonly OutputTarget[], meta: OutputMeta): Promise<LiveOutputs> {
    return new LiveOutputs(await Promise.all(targets.map((target) => openOutput(target, meta))));
  }

  second(second: OutputSecond): void {
    for (const output of this.#outputs) output.second?.(second);
  }

  /** @throws {ClusterError} when the worker contradicts itself */
  samples(worker: number, batch: SampleBatch): void {
    for (const output of this.#outputs) output.samples?.(worker, batch);
  }

  /** Sends what is left, within some seconds. @returns what people should know, a line each */
  async close(): Promise<string[]> {
    const notes = await Promise.all(
      this.#outputs.map(async (output) => (await output.close()).map((note) => `-o ${output.name}: ${note}`)),
    );
    return notes.flat();
  }
}

async function openOutput(target: OutputTarget, meta: OutputMeta): Promise<LiveOutput> {
  switch (target.kind) {
    case 'csv':
    case 'json':
      return (await import('./sample-file.ts')).openSampleFile(target, meta);
    case 'metrics':
      return (await import('./metrics-page.ts')).openMetricsPage(target, meta);
    case 'prometheus':
      return (await import('./remote-write.ts')).openRemoteWrite(target, meta);
    case 'influxdb':
      return (await import('./influx-output.ts')).openInflux(target, meta);
    case 'otlp':
      return (await import('./otlp-output.ts')).openOtlp(target, meta);
  }
}
