import { UnhealthyError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import type { Calibration } from '../core/records.ts';
import { calibrateFleet } from './calibrate.ts';
import type { Fleet } from './fleet.ts';
import { checkHealth } from './health-check.ts';
import type { RunOutput } from './output.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Where what comes before the load says what it finds. */
export interface BeforeLoad {
  readonly output: Pick<RunOutput, 'starting' | 'note'>;
  isStopped(): boolean;
  /** For the notes of the run. */
  note(text: string): void;
}

/** Asks the target for its health. @throws {UnhealthyError} when it has none, and the run needs it */
export async function requireHealth({ plan, environment }: PreparedRun, { output, isStopped, note }: BeforeLoad): Promise<void> {
  const { healthCheck } = plan;
  const problem = await checkHealth(healthCheck, environment, {
    version: PACKAGE.version,
    isStopped,
    onWait: (reason) => output.note(`waiting for the target: ${reason}`),
  });
  if (problem === undefined) return;
  if (healthCheck.onFailure === 'fail')
    throw new UnhealthyError(`the target is not healthy: ${problem}`, { hint: 'health_check.wait in config.yaml waits for it' });
  note(`the target did not pass the health check, the run goes on: ${problem}`);
}

/** What the generator itself adds to a latency. @returns null: not measured, and the run is one all the same */
export async function calibratedBeforeLoad(
  fleet: Fleet,
  run: PreparedRun,
  { output, isStopped, note }: BeforeLoad,
): Promise<Calibration | null> {
  if (isStopped()) return null;
  output.starting('calibrating the generator');
  const users = run.plan.scenarios.reduce((sum, scenario) => sum + scenario.users, 0);
  await run.warmedUp;
  const calibration = await calibrateFleet(fleet, users, run.plan.environment.httpClient);
  if (calibration === null) note('the generator could not be calibrated: what it adds to a latency is known from its lag alone');
  return calibration;
}
