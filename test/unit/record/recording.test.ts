import { expect, test } from 'vitest';
import { type GeneratorSecond, NO_STARTS, type StartCounts } from '../../../runtime/core/records.ts';
import type { SnapshotMessage } from '../../../runtime/messages/messages.ts';
import type { JournalLine } from '../../../runtime/record/journal.ts';
import { Recording } from '../../../runtime/record/recording.ts';

const starts = (begun: number, interrupted = 0): StartCounts => ({
  ...NO_STARTS,
  due: begun + 1,
  begun,
  late: 1,
  queued: 2,
  dropped: 3,
  interrupted,
});
const generatorAt = (second: number): GeneratorSecond => {
  return { second, loopLagP99Us: 1, loopLagMaxUs: 2, cpu: 0.5, lateStarts: 0, begunStarts: 1, rssBytes: 7 };
};

function snapshotOf(changes: Partial<SnapshotMessage> = {}): SnapshotMessage {
  return {
    ...{ type: 'snapshot', second: 0, period: 'measured', deltas: [], errors: [], kept: [], overflowed: 0, generator: null },
    ...{ starts: starts(5), startsByScenario: [starts(3), starts(2)], activeUsers: 4, inFlight: 2, running: [1, 0] },
    ...changes,
  };
}

function recordingOf(): { recording: Recording; lines: JournalLine[]; write: (measuredS?: number) => JournalLine | undefined } {
  const recording = new Recording({ renderScriptError: (text) => `at home: ${text}` }, { nowMs: () => 1_000 });
  const lines: JournalLine[] = [];
  const folder = { appendJournal: (line: JournalLine) => void lines.push(line) };
  const write = (measuredS?: number): JournalLine | undefined => {
    recording.writeLine(folder, measuredS);
    return lines.at(-1);
  };
  return { recording, lines, write };
}

test('what several workers said last is added up: starts, also by scenario, users, requests in flight, series that were too many', () => {
  const { recording } = recordingOf();
  recording.take(0, snapshotOf({ overflowed: 3 }));
  recording.take(
    1,
    snapshotOf({ starts: starts(10), startsByScenario: [starts(7), starts(3)], activeUsers: 1, inFlight: 5, overflowed: 4 }),
  );
  recording.take(0, snapshotOf({ second: 1, overflowed: 3 }));
  expect(recording.starts).toEqual({ due: 17, begun: 15, late: 2, queued: 4, dropped: 6, interrupted: 0 });
  expect(recording.startsByScenario).toEqual([
    { due: 12, begun: 10, late: 2, queued: 4, dropped: 6, interrupted: 0 },
    { due: 7, begun: 5, late: 2, queued: 4, dropped: 6, interrupted: 0 },
  ]);
  expect([recording.users, recording.inFlight, recording.overflowed]).toEqual([5, 7, 7]);
});

test('starts of a warm-up are none of the run; its users and requests are', () => {
  const { recording } = recordingOf();
  recording.take(0, snapshotOf({ period: 'warm-up', generator: generatorAt(0) }));
  expect([recording.starts, recording.startsByScenario, recording.generator.size]).toEqual([NO_STARTS, [], 0]);
  expect([recording.users, recording.inFlight, recording.lastReportOf(0)?.period]).toEqual([4, 2, 'warm-up']);
});

test('of a worker that is lost what ran is cut short, its users and requests are gone, and what it had begun stays', () => {
  const { recording } = recordingOf();
  recording.take(0, snapshotOf({ running: [2, 1], generator: generatorAt(0), lostStarts: 9 }));
  recording.take(1, snapshotOf({ generator: generatorAt(0) }));
  expect(recording.lastGenerator().map(({ worker, users }) => [worker, users])).toEqual([
    [0, 4],
    [1, 4],
  ]);
  recording.lose(0);
  expect(recording.startsByScenario.map(({ begun, interrupted }) => [begun, interrupted])).toEqual([
    [6, 2],
    [4, 1],
  ]);
  expect(recording.starts).toMatchObject({ begun: 3 + 2 + 5, interrupted: 3 });
  expect([recording.users, recording.inFlight]).toEqual([4, 2]);
  expect(recording.lastGenerator().map(({ worker }) => worker)).toEqual([1]);
  expect([recording.lostStartsOf(0), recording.lostStartsOf(1), recording.lostStartsOf(7)]).toEqual([9, 0, 0]);
});

test('a worker that is lost in a warm-up, or that had said nothing, cuts nothing short', () => {
  const { recording } = recordingOf();
  recording.take(0, snapshotOf({ period: 'warm-up', running: [2, 1] }));
  recording.lose(0);
  recording.lose(1);
  expect([recording.starts, recording.users, recording.inFlight]).toEqual([NO_STARTS, 0, 0]);
});

test('a line has what came since the one before, in its own second, and nothing that did not come', () => {
  const { recording, write } = recordingOf();
  recording.stage('measuring');
  recording.take(0, snapshotOf({ generator: generatorAt(0) }));
  expect(write()).toMatchObject({ second: 0, users: 4, starts: starts(5), events: [{ kind: 'stage', text: 'measuring' }] });
  recording.note('a remark');
  const error = { name: '/a', kind: 'script', code: 0, count: 1, firstSeenMs: 1, lastSeenMs: 1, sample: 'bundle.js:1' };
  recording.take(0, snapshotOf({ second: 1, errors: [error, { ...error, kind: 'status', sample: 'as it was' }] }));
  expect(write(2)).toMatchObject({
    ...{ second: 1, measuredS: 2, events: [{ kind: 'note', text: 'a remark' }] },
    errors: [{ sample: 'at home: bundle.js:1' }, { sample: 'as it was' }],
    generator: { workers: [{ second: 0 }], said: [] },
  });
  const quiet = write();
  for (const key of ['errors', 'events', 'adjust', 'measuredS']) expect(quiet).not.toHaveProperty(key);
  recording.lose(0);
  expect(write()).not.toHaveProperty('generator');
});
