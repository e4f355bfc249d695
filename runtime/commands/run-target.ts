import { parseTargetOptions } from '../target/options.ts';
import { startTarget } from '../target/server.ts';
import type { RunTargetInput } from './inputs.ts';

/** `stressrun target`: the embedded inference server until it is stopped. */
export async function runTarget({ flags, output, signals }: RunTargetInput): Promise<number> {
  const target = await startTarget(parseTargetOptions({ ...flags }));
  output.result(
    `listening on ${target.url}\n  GET  ${target.url}/health\n  POST ${target.url}/predict   multipart field "file"\n  GET  ${target.url}/stats\nCtrl-C stops it\n`,
  );
  await new Promise<void>((resolve) => signals.onStop(() => resolve()));
  await target.close();
  return 0;
}
