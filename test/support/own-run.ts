import type { RunFlags } from '../../runtime/config/flags.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import type { RunTestInput, StopSignal } from '../../runtime/run/output.ts';
import type { RunControl, RunEvent } from '../../runtime/run/run-control.ts';
import { runTest } from '../../runtime/run/run-test.ts';
import type { TestEnd } from '../../runtime/run/test-end.ts';
import { type Project, project } from './project.ts';

interface OwnRunParts {
  /** TypeScript of the script. */
  readonly script: string;
  /** Text of config.yaml; nothing said: no warm-up, and nothing else. */
  readonly config?: string;
  readonly baseUrl: string;
  readonly flags?: Partial<RunFlags>;
  /** Told of each step of the start. */
  readonly onStep?: (step: string, run: OwnRun) => void;
  readonly onEvent?: (event: RunEvent, run: OwnRun) => void;
}

/** A run of this very process, with surroundings of its own and real workers: what it said, and what can be done to it. */
export interface OwnRun {
  readonly end: Promise<TestEnd>;
  readonly notes: readonly string[];
  readonly place: Project;
  /** Undefined until it is planned. */
  control(): RunControl | undefined;
  /** Whether it still listens to signals. */
  listens(): boolean;
  /** As Ctrl-C and others do. */
  signal(name: StopSignal): void;
}

/** Begins a run; `dist` has to be built. */
export function startRun({ script, config = 'warm_up: { requests: 0 }', baseUrl, flags, onStep, onEvent }: OwnRunParts): OwnRun {
  const place = project({ 'config.yaml': `${config}\n`, 'test.ts': `import { http, sleep, test, vu } from 'stressrun';\n${script}\n` });
  const [notes, listeners] = [[] as string[], new Set<(signal: StopSignal) => void>()];
  let control: RunControl | undefined;
  const quiet = (): void => undefined;
  let end: Promise<TestEnd> | undefined;
  const run: OwnRun = {
    get end() {
      return end ?? Promise.reject(new Error('expected a run that has begun'));
    },
    notes,
    place,
    control: () => control,
    listens: () => listeners.size > 0,
    signal(name) {
      for (const each of [...listeners]) each(name);
    },
  };
  const input: RunTestInput = {
    around: { variables: { PATH: process.env['PATH'] }, folder: place.folder, nowMs: Date.now },
    flags: { script: 'test.ts', baseUrl, workers: '1', ...flags },
    signals: {
      onStop(callback) {
        listeners.add(callback);
        return () => void listeners.delete(callback);
      },
    },
    output: {
      ...{ follow: quiet, result: quiet, isTty: false, columns: 100, isQuiet: true, isColor: false },
      starting: (step) => onStep?.(step, run),
      note: (text) => void notes.push(text),
    },
    runDir: 'kept',
    onControl(given) {
      control = given;
      if (onEvent !== undefined) given.onEvent((event) => onEvent(event, run));
    },
  };
  end = runTest(input);
  return run;
}

/** The result of a run that came to its end. */
export function resultOf(end: TestEnd): RunJson {
  if (end.kind !== 'ended') throw new Error(`expected a result; it was ${end.kind}`);
  return end.result;
}
