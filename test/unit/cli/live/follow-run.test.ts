import { expect, test } from 'vitest';
import { followRun } from '../../../../runtime/cli/live/follow-run.ts';
import { Redactor } from '../../../../runtime/core/redactor.ts';
import type { Stage } from '../../../../runtime/core/stage.ts';
import { HttpRecorder } from '../../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../../runtime/measure/registry.ts';
import { LiveView } from '../../../../runtime/record/live-view.ts';
import type { ProgressState } from '../../../../runtime/report/progress.ts';
import { LoadEdits } from '../../../../runtime/run/load-edits.ts';
import type { RunControl, RunEvent } from '../../../../runtime/run/run-control.ts';
import { teller } from '../../../support/told-seconds.ts';
import { LOCAL, planOf, TWO } from '../../config/fixtures.ts';
import { sampleOf } from '../../measure/http-samples.ts';

/** What is shown of a run of which this is told. */
function following({ hasDetail }: { hasDetail: boolean }) {
  const plan = planOf({ yaml: LOCAL, script: TWO });
  const listeners: ((event: RunEvent) => void)[] = [];
  const { loads } = new LoadEdits(plan);
  const redactor = new Redactor();
  redactor.learn([{ value: 'hunter2hunter2' }]);
  const onEvent = (listener: (event: RunEvent) => void) => {
    listeners.push(listener);
    return () => undefined;
  };
  const [steps, states]: [string[], ProgressState[]] = [[], []];
  followRun({ plan, baseUrl: 'http://127.0.0.1:1', redactor, onEvent, status: () => ({ loads }) } as unknown as RunControl, {
    starting: (step) => steps.push(step),
    progress: (state) => states.push(state),
    hasDetail,
  });
  const [registry, tell, view] = [new MetricRegistry(), teller(), new LiveView()];
  const recorder = new HttpRecorder(registry);
  const say = (event: RunEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const second = (count: number, stage: Stage): void => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ name: '/of/hunter2hunter2' }));
    const told = tell(registry.drain(), { events: [{ kind: 'stage', text: stage }] });
    const state = {
      state: 'running' as const,
      elapsedUs: 1,
      remainingUs: 2,
      inFlight: 0,
      thresholds: [],
      generator: [],
      startsByScenario: [],
    };
    say({ type: 'second', second: { ...told, ...state, numbers: view.take(told) } });
  };
  return { say, second, steps, states };
}

test('every second that a run tells of is shown, those after its load too, and its steps until there is load', () => {
  const { say, second, steps, states } = following({ hasDetail: false });
  say({ type: 'stage', stage: 'setup' });
  say({ type: 'stage', stage: 'measuring' });
  second(3, 'measuring');
  second(4, 'teardown');
  second(0, 'ended');
  expect(steps).toEqual(['setup']);
  expect(states.map(({ requests, stage, detail }) => [requests, stage, detail])).toEqual([
    [3, '', undefined],
    [7, 'teardown', undefined],
    [7, 'ended', undefined],
  ]);
});

test('a view with room for it has the table, its names without the run’s secrets', () => {
  const { second, states } = following({ hasDetail: true });
  second(3, 'measuring');
  expect(states[0]?.detail?.requests).toMatchObject([{ name: '/of/[redacted]', count: 3 }]);
});
