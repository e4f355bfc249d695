import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../runtime/run/test-end.ts';
import { type OwnRun, resultOf, startRun } from '../../support/own-run.ts';
import { startTarget } from '../../support/target-server.ts';

const WORK = "export default async () => { await http.get('/work'); await sleep(0.02); };";
const controlOf = (run: OwnRun) => {
  const control = run.control();
  if (control === undefined) throw new Error('expected a run that is planned');
  return control;
};

test.concurrent('a run is steered while it goes on: users are added, what cannot be is refused, the result so far is whole, and a stop on request interrupts it', async () => {
  const target = await startTarget();
  const kinds: string[] = [];
  const seconds: number[] = [];
  let early: Promise<unknown> | undefined;
  let steered: Promise<unknown> | undefined;
  const steer = async (run: OwnRun) => {
    const control = controlOf(run);
    const edit = await control.adjust({ users: 4 });
    const refused = await control.adjust({ rate: 5 }).catch((error: unknown) => error);
    const soFar = control.soFar();
    const status = control.status();
    control.stop('now');
    return { edit, refused, soFar, status };
  };
  const run = startRun({
    script: WORK,
    baseUrl: target.url,
    flags: { users: '2', duration: '60s' },
    onEvent(event, self) {
      kinds.push(event.type);
      early ??= controlOf(self)
        .adjust({ users: 3 })
        .catch((error: unknown) => error);
      if (event.type !== 'second') return;
      seconds.push(event.second.second);
      if (event.second.stage === 'measuring' && event.second.numbers.requests > 0) steered ??= steer(self);
    },
  });
  const end = await run.end;
  const result = resultOf(end);
  expect(await early).toMatchObject({ exitCode: 104 }); // nothing is measured yet
  expect(await steered).toMatchObject({
    edit: { phase: 'edit-1', change: 'users 2 → 4 (default)' },
    refused: { exitCode: 104, where: 'rate' },
    soFar: { verdict: { outcome: 'interrupted' }, run: { id: result.run.id } },
    status: { runId: result.run.id, stage: 'measuring', loads: [{ users: 4 }], edits: [{ phase: 'edit-1' }] },
  });
  expect([exitCodeOf(end), result.verdict.outcome]).toEqual([105, 'interrupted']);
  expect(result.exploratory?.segments.map(({ phase, change }) => [phase, change])).toEqual([
    ['base', ''],
    ['edit-1', 'users 2 → 4 (default)'],
  ]);
  expect(kinds.filter((kind) => kind === 'adjusted')).toHaveLength(1);
  expect(kinds.at(-1)).toBe('ended');
  expect(seconds).toEqual(seconds.map((_, i) => i));
  // over: nothing can be changed, and a stop is of no effect
  controlOf(run).stop('now');
  await expect(controlOf(run).adjust({ users: 5 })).rejects.toMatchObject({ exitCode: 104 });
  expect(controlOf(run).status()).toMatchObject({ stage: 'ended', edits: [{ phase: 'edit-1' }] });
});

test.concurrent('a threshold that is surely missed ends the run before its time, with 99, and teardown() still comes', async () => {
  const target = await startTarget({ '/work': { status: 500 } });
  const run = startRun({
    script: `${WORK}\nexport const teardown = async () => { await http.get('/teardown'); };
export const options = { thresholds: { http_req_failed: [{ threshold: 'rate<0.01', abortOnFail: true }] } };`,
    baseUrl: target.url,
    flags: { users: '2', duration: '20s' },
  });
  const end = await run.end;
  expect([exitCodeOf(end), resultOf(end).verdict.outcome]).toEqual([99, 'failed']);
  expect(resultOf(end).verdict.reasons[0]).toMatch(/http_req_failed: rate<0\.01 was missed after \d+ s$/);
  expect(resultOf(end).run.durationS).toBeLessThan(20);
  expect(target.counts()['/teardown']).toBe(1);
});
