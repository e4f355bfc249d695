import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { build } from 'esbuild';
import type * as activity from '../../../runtime/guest/activity.ts';

type Activity = typeof activity;

/** A process that holds an activity table, as a worker does, and changes it when told to. */
export class TableHolder {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(): Promise<TableHolder> {
    const { outputFiles } = await build({
      stdin: {
        contents: `import * as activity from '../../../runtime/guest/activity.ts';
process.on('message', ([name, args]) => process.send({ result: activity[name](...args) }));
process.send('ready');`,
        loader: 'ts',
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'node',
    });
    const child = spawn(process.execPath, ['-e', outputFiles[0]?.text ?? ''], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(child, 'message');
    return new TableHolder(child);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Calls a function of runtime/guest/activity.ts there. */
  async call<Name extends keyof Activity>(name: Name, ...args: Parameters<Activity[Name]>): Promise<ReturnType<Activity[Name]>> {
    this.#child.send([name, args]);
    const [{ result }] = (await once(this.#child, 'message')) as [{ result: ReturnType<Activity[Name]> }];
    return result;
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }
}
