import type { RequestListener } from 'node:http';
import { onTestFinished } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import type { EnvironmentPlan } from '../../../runtime/core/plan.ts';
import { StallCell } from '../../../runtime/core/stall-cell.ts';
import type { FromWorker, SnapshotMessage, WorkerSetup } from '../../../runtime/messages/messages.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { Vm2Engine } from '../../../runtime/sandbox/vm2-engine.ts';
import { Messenger } from '../../../runtime/worker/messenger.ts';
import { PeriodRunner } from '../../../runtime/worker/period-runner.ts';
import { WorkerRuntime } from '../../../runtime/worker/worker-runtime.ts';
import { guestText } from '../../support/guest-text.ts';
import { workerSetup } from '../../support/worker-setup.ts';
import { planOf } from '../engine/scripted-host.ts';
import { environmentOf, httpServer } from '../net/servers.ts';

interface OwnWorkerParts {
  readonly epochUs?: number;
  /** Answers to paths; what is not here is `{"ok":true}`, and a 500 at /broken. */
  readonly routes?: Readonly<Record<string, RequestListener>>;
  readonly setup?: Partial<WorkerSetup>;
  readonly environment?: Partial<EnvironmentPlan>;
  readonly stallCell?: StallCell;
}

/** What runs in a worker, in this process: a script in its sandbox, its users, and a server that notes what it is asked for. */
export async function workerOf(
  script: string,
  { epochUs = 0, routes = {}, setup = {}, environment = {}, stallCell = new StallCell(undefined) }: OwnWorkerParts = {},
) {
  const paths: string[] = [];
  const target: { asked(): void } = { asked: () => undefined };
  const { base } = await httpServer((message, response) => {
    paths.push(message.url ?? '');
    target.asked();
    const route = routes[message.url ?? ''];
    if (route !== undefined) return route(message, response);
    response.statusCode = message.url === '/broken' ? 500 : 200;
    response.end('{"ok":true}');
  });
  const heard: FromWorker[] = [];
  const periods: { ended(): void } = { ended: () => undefined };
  const messenger = new Messenger((message) => {
    heard.push(message);
    if (message.type === 'periodEnded') periods.ended();
  }, 'off');
  const box = { stallCell, engine: new Vm2Engine() };
  const runtime = new WorkerRuntime({ ...(await workerSetup(script, await guestText())), ...setup, epochUs }, messenger, box);
  runtime.compile();
  const runner = new PeriodRunner(runtime);
  onTestFinished(() => runtime.crew.closeAll());
  const prepare = (users: number): Promise<string | null> =>
    new Promise((done) => {
      const message = {
        type: 'prepare',
        scenarios: [planOf({ users })],
        hasVuTeardown: false,
        environment: environmentOf(base, environment),
      } as const;
      runtime.crew.prepare({ ...message, scenarios: [...message.scenarios] }, done);
    });
  /** So many iterations, by whichever users are free, due at a moment from now. */
  const run = (users: number, iterations: number, startInUs = 20_000): Promise<void> =>
    new Promise((resolve) => {
      periods.ended = resolve;
      const length = { kind: 'iterations', iterations, durationUsMax: 600_000_000, isShared: true } as const;
      const scenarios = [planOf({ users, length })];
      runner.run({ type: 'run', period: 'measured', scenarios, startUs: monotonicUs() + startInUs - epochUs }, 1);
    });
  const snapshots = (): SnapshotMessage[] => heard.filter((message) => message.type === 'snapshot');
  return { runtime, runner, messenger, heard, paths, target, prepare, run, snapshots };
}

/** What all snapshots of a worker come to. */
export function totalsOf(snapshots: readonly SnapshotMessage[]): Ledger['store'] {
  const ledger = new Ledger();
  for (const { deltas } of snapshots) ledger.take(0, deltas);
  return ledger.store;
}

/** What a script said by `say(name, value)`, sorted. */
export function saidBy(snapshots: readonly SnapshotMessage[]): string[] {
  const names = snapshots.flatMap(({ deltas }) =>
    deltas.flatMap(({ series }) => (series?.metric === 'checks' ? [series.tags['check'] ?? ''] : [])),
  );
  return [...new Set(names)].sort();
}

/** For scripts: a check whose name is what came. */
export const SAY = "const say = (name, value) => check(value, { [name + ' ' + JSON.stringify(value)]: () => true });";
