/** A program that runs a test and steers it while it goes on: its only argument is a {@link Steering} as JSON, it prints what happens as lines of JSON. */
import { EXIT, StressrunError } from '../../runtime/core/errors.ts';
import type { RunControl, RunEvent, RunSecond } from '../../runtime/run/run-control.ts';
import { runTest } from '../../runtime/run/run-test.ts';
import { exitCodeOf } from '../../runtime/run/test-end.ts';
import type { Driven, Steering } from './driven-run.ts';
import { HERE } from './surroundings.ts';

const { flags, runDir, steps } = JSON.parse(process.argv[2] ?? '') as Steering;
const say = (line: Driven): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function steer(control: RunControl): Promise<void> {
  for (const step of steps) {
    await secondsInto(control, step.atS);
    try {
      if (step.stop !== undefined) control.stop(step.stop);
      if (step.adjust !== undefined) say({ type: 'edit', edit: await control.adjust(step.adjust) });
    } catch (error) {
      say({ type: 'refused', message: (error as Error).message });
    }
  }
}

/** Resolves once so much of the measured period is over. */
function secondsInto(control: RunControl, atS: number): Promise<void> {
  const isThere = ({ stage, elapsedUs }: RunSecond): boolean => stage === 'measuring' && elapsedUs >= atS * 1_000_000;
  const { second } = control.status();
  if (second !== undefined && isThere(second)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = control.onEvent((event) => {
      if (event.type !== 'second' || !isThere(event.second)) return;
      end();
      resolve();
    });
  });
}

function lineOf(event: RunEvent): Driven {
  if (event.type !== 'second') return event;
  const { second, stage, users, thresholds, starts, numbers } = event.second;
  return { type: 'second', second, stage, users, thresholds, starts, requestsPerSecond: numbers.requestsPerSecond };
}

const silent = { starting: () => undefined, follow: () => undefined, note: () => undefined, result: () => undefined };
try {
  const end = await runTest({
    around: HERE,
    flags,
    runDir,
    signals: { onStop: () => () => undefined },
    output: { ...silent, isTty: false, columns: 100, isQuiet: true, isColor: false },
    onControl: (control) => {
      control.onEvent((event) => say(lineOf(event)));
      void steer(control).then(() => say({ type: 'status', status: { ...control.status(), second: undefined } }));
    },
  });
  process.exitCode = exitCodeOf(end);
} catch (error) {
  process.stderr.write(String((error as Error).stack));
  process.exitCode = error instanceof StressrunError ? error.exitCode : EXIT.badInput;
}
