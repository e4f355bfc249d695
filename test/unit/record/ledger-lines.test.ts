import { describe, expect, test } from 'vitest';
import { NO_STARTS } from '../../../runtime/core/records.ts';
import type { Stage } from '../../../runtime/core/stage.ts';
import { enters } from '../../../runtime/record/second.ts';
import { teller } from '../../support/told-seconds.ts';
import { crew, of } from './ledger-crew.ts';

describe('what a line says beside its deltas', () => {
  test('a stage lasts until the next one; of several in a second the last is it', () => {
    const tell = teller();
    const stage = (text: Stage) => ({ kind: 'stage', text }) as const;
    const seconds = [
      tell([]),
      tell([], { events: [stage('setup'), { kind: 'note', text: 'measuring' }] }),
      tell([]),
      tell([], { events: [stage('measuring'), stage('stopping')] }),
    ];
    expect(seconds.map((second) => second.stage)).toEqual(['', 'setup', 'setup', 'stopping']);
    expect(seconds.map((second) => enters(second, 'measuring'))).toEqual([false, false, false, true]);
  });

  test('starts are told since the begin: a second has those that came in it; a line without any changes nothing', () => {
    const tell = teller();
    const told = [{ begun: 5, dropped: 1 }, undefined, { begun: 9, dropped: 1 }, { begun: 8, dropped: 1 }];
    const seconds = told.map((starts) => tell([], starts === undefined ? {} : { starts: { ...NO_STARTS, ...starts } }));
    expect(seconds.map(({ newStarts }) => [newStarts.begun, newStarts.dropped])).toEqual([
      [5, 1],
      [0, 0],
      [4, 0],
      [0, 0],
    ]);
    expect(seconds.map(({ starts }) => starts.begun)).toEqual([5, 5, 9, 8]);
  });

  test('all that workers said since the line before is there, where the line has it: two seconds of one, whatever was lost before', () => {
    const tell = teller();
    const said = (worker: number, second: number) => ({ worker, second, cpu: 0.5, loopLagP99Us: 900 });
    const inWords = (generator: Record<string, unknown>) => tell([], { generator }).said.map(({ worker, second }) => [worker, second]);
    expect(inWords({ workers: [said(0, 0), said(0, 0)] })).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(inWords({ workers: [said(1, 2)], said: [said(1, 1), null, said(1, 2), { worker: 1 }] })).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(inWords({ workers: [said(1, 2)], said: [] })).toEqual([]);
  });

  test('what a worker said before is not new; what is damaged is left out', () => {
    const tell = teller();
    const said = (second: number) => ({ second, cpu: 0.5, loopLagP99Us: 900 });
    const workers = [[said(0), said(0)], [said(1), said(0)], [said(1), null, said(0)], 'none', undefined];
    const seconds = workers.map((each) => tell([], { generator: { workers: each } }));
    expect(seconds.map((second) => second.workers.map(({ said: { second: at }, isNew }) => [at, isNew]))).toEqual([
      [
        [0, true],
        [0, true],
      ],
      [
        [1, true],
        [0, false],
      ],
      [
        [1, false],
        [0, true],
      ],
      [],
      [],
    ]);
  });
});

test('each series of a second is one over two workers, and keeps its number and identity in the seconds after', () => {
  const { recorders, second } = crew(2);
  const count = (by: readonly [number, number]): void => {
    for (const [worker, { registry }] of recorders.entries())
      registry.counter('http_reqs', 'measured', { task: 'a' }).add(by[worker] as number);
  };
  count([2, 3]);
  const first = second().series.all;
  count([10, 0]);
  const [later] = second().series.all;
  expect(first.map(({ identity, values }) => [identity.metric, identity.tags, values])).toEqual([
    ['http_reqs', { task: 'a' }, { type: 'counter', count: 2, sum: 5, refused: 0 }],
  ]);
  expect([later?.id, later?.identity, later?.values]).toMatchObject([first[0]?.id, first[0]?.identity, { sum: 10 }]);
  expect(second().series.all).toEqual([]);
});

test('whoever watches is told the seconds of the workers’ own count, however many seconds of the run have gone by', () => {
  const { ledger, recorders, second } = crew(2);
  const watched = ledger.watch([{ metric: 'http_reqs', tags: {}, periods: ['measured'] }], [0, 1]);
  const report = (worker: number, ofWorker: number): void => {
    const { registry, http } = recorders[worker] as (typeof recorders)[number];
    http.record(of('measured', 1_000));
    ledger.take(worker, registry.drain(), { period: 'measured', second: ofWorker });
  };
  report(0, 0);
  second();
  second();
  expect(watched.closeNext()).toBeUndefined();
  report(1, 0);
  expect(watched.closeNext()).toMatchObject({ second: 0, values: [{ count: 2 }] });
  report(0, 1);
  ledger.gone(1);
  ledger.joined(2, 2);
  expect([watched.closeNext()?.second, watched.closeNext()]).toEqual([1, undefined]);
});
