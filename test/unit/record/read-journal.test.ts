import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { NO_STARTS } from '../../../runtime/core/records.ts';
import { Redactor } from '../../../runtime/core/redactor.ts';
import { createRunFolder } from '../../../runtime/history/run-folder.ts';
import { readWholeJournal } from '../../../runtime/record/read-journal.ts';
import { Recording } from '../../../runtime/record/recording.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';

const NOTE = 'worker 2 was lost while measuring; another worker takes its place';

/** The journal that a run writes which is told of a lost worker in its 4th second. */
async function keptJournal() {
  const folder = createRunFolder(join(temporaryFolder(), 'runs'), 'id-1', { onProblem: () => undefined, redactor: new Redactor() });
  const recording = new Recording({ renderScriptError: (text: string) => text } as ConstructorParameters<typeof Recording>[0]);
  for (const second of [0, 1, 2, 3, 4]) {
    if (second === 1) recording.stage('measuring');
    if (second === 3) recording.note(NOTE);
    recording.take(0, {
      type: 'snapshot',
      second,
      period: second === 0 ? 'setup' : 'measured',
      deltas: [],
      overflowed: 0,
      errors: [],
      kept: [],
      starts: NO_STARTS,
      activeUsers: 1,
      inFlight: 0,
      generator: null,
      startsByScenario: [],
    });
    recording.writeLine(folder);
  }
  await folder.close();
  return { path: join(folder.path, 'journal.ndjson'), live: recording.timeline.data() };
}

test('a note with "; " and the word "measuring" in it is one event, live and read back', async () => {
  const { path, live } = await keptJournal();
  const { timeline } = await readWholeJournal(path, () => undefined);
  expect(live.events.map(({ text }) => text)).toEqual(['measuring', NOTE]);
  expect(timeline.data()).toEqual(live);
});

test.each([
  [1, (second: number) => (second === 1 ? { event: 'setup; measuring' } : second === 4 ? { event: NOTE } : {})],
  [
    2,
    (second: number) =>
      second === 1 ? { events: [{ kind: 'stage', text: 'measuring' }] } : second === 4 ? { events: [{ kind: 'note', text: NOTE }] } : {},
  ],
])('the measured window of a journal of version %d begins with its stage, and not with a note that holds the word', async (v, eventsOf) => {
  const path = join(temporaryFolder(), 'journal.ndjson');
  const lines = [0, 1, 2, 3, 4, 5].map((second) => ({ v, second, atMs: 1_000 * second, users: 1, deltas: [], ...eventsOf(second) }));
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  expect((await readWholeJournal(path, () => undefined)).measuredS).toBe(4);
});

test('each second of each worker is read back as its own: one reported first, one is lost, two seconds of one come together; so is the measured time', async () => {
  const folder = createRunFolder(join(temporaryFolder(), 'runs'), 'id-2', { onProblem: () => undefined, redactor: new Redactor() });
  const recording = new Recording({ renderScriptError: (text: string) => text } as ConstructorParameters<typeof Recording>[0]);
  const rest = { deltas: [], overflowed: 0, errors: [], kept: [], starts: NO_STARTS, activeUsers: 1, inFlight: 0, startsByScenario: [] };
  const report = (worker: number, second: number): void => {
    const cpu = (10 * worker + second) / 100;
    const generator = { second, cpu, loopLagP99Us: 1, loopLagMaxUs: 1, lateStarts: 0, begunStarts: 0, rssBytes: 0 };
    recording.take(worker, { type: 'snapshot', second, period: 'measured', generator, ...rest });
  };
  for (const [line, reports] of [
    [[1, 0]],
    [[0, 0]],
    [
      [1, 1],
      [0, 1],
      [0, 2],
    ],
    [[0, 3]],
  ].entries()) {
    for (const [worker = 0, second = 0] of reports) report(worker, second);
    if (line === 2) recording.lose(1);
    recording.writeLine(folder, line + 0.5);
  }
  await folder.close();
  const { generator, measuredS } = await readWholeJournal(join(folder.path, 'journal.ndjson'), () => undefined);
  expect([generator.get(0), generator.get(1)]).toEqual([recording.generator.get(0), recording.generator.get(1)]);
  expect(recording.generator.get(0)).toHaveLength(4);
  expect(measuredS).toBe(3.5);
});
