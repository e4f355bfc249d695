import { ConfigError, type ErrorFields, StressrunError } from '../core/errors.ts';
import { parseTargetOptions, type RawTargetOptions } from './options.ts';
import { startTarget } from './server.ts';

/** What the server tells the process that started it, over the IPC channel. */
export type TargetMessage = { readonly type: 'listening'; readonly url: string } | { readonly type: 'failed'; readonly error: ErrorFields };

/** The entry of `dist/target.js`: options from the environment, then a server until the channel closes or SIGTERM comes. */
async function run(): Promise<void> {
  const isChild = process.send !== undefined;
  const tell = (message: TargetMessage): void => void process.send?.(message);
  // A terminal's Ctrl-C reaches the whole group; whoever started this process decides when it ends.
  if (isChild) process.on('SIGINT', () => undefined);
  try {
    const target = await startTarget(parseTargetOptions(readOptions()));
    const stop = (): void => void target.close().then(() => process.exit(0));
    process.once('disconnect', stop);
    process.once('SIGTERM', stop);
    tell({ type: 'listening', url: target.url });
    if (isChild && !process.connected) stop(); // the parent left while the server started
    if (!isChild) process.stdout.write(`${target.url}\n`);
  } catch (error) {
    const fields =
      error instanceof StressrunError
        ? error.toFields()
        : { code: 'SR_BUG', message: error instanceof Error ? error.message : String(error) };
    tell({ type: 'failed', error: fields });
    process.stderr.write(`stressrun target: ${fields.message}\n`);
    process.exitCode = error instanceof StressrunError ? error.exitCode : 1;
    if (isChild) process.disconnect();
  }
}

function readOptions(): RawTargetOptions {
  const text = process.env['STRESSRUN_TARGET_OPTIONS'] ?? '{}';
  try {
    return JSON.parse(text) as RawTargetOptions;
  } catch (cause) {
    throw new ConfigError('STRESSRUN_TARGET_OPTIONS', `expected JSON such as {"port":0}; got ${text.slice(0, 100)}`, { cause });
  }
}

await run();
