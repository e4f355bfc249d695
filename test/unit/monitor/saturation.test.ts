import { expect, test } from 'vitest';
import type { GeneratorSecond } from '../../../runtime/core/records.ts';
import { assessGenerator } from '../../../runtime/monitor/saturation.ts';

/** `count` quiet seconds; those listed are replaced in part. */
function secondsOf(count: number, changed: Record<number, Partial<GeneratorSecond>> = {}): GeneratorSecond[] {
  return Array.from({ length: count }, (_, second) => ({
    ...{ second, loopLagP99Us: 1000, loopLagMaxUs: 2000, cpu: 0.4, lateStarts: 0, begunStarts: 100, rssBytes: 1 },
    ...changed[second],
  }));
}

test('2 measured seconds say nothing, 3 do', () => {
  expect(assessGenerator([secondsOf(2)])).toEqual({
    saturated: null,
    reasons: [],
    remarks: [],
    cpu: null,
    loopLagMs: null,
    saturatedSeconds: 0,
  });
  expect(assessGenerator([secondsOf(3)]).saturated).toBe(false);
  expect(assessGenerator([]).saturated).toBeNull();
});

test('5 bad seconds of 100 are within 5 %, 6 are saturated', () => {
  const bad = { loopLagP99Us: 20_001, loopLagMaxUs: 85_000 };
  const at = (count: number): Record<number, typeof bad> => Object.fromEntries(Array.from({ length: count }, (_, i) => [i, bad]));
  expect(assessGenerator([secondsOf(100, at(5))])).toMatchObject({ saturated: false, reasons: [], saturatedSeconds: 5 });
  const { saturated, reasons, saturatedSeconds } = assessGenerator([secondsOf(100, at(6))]);
  expect({ saturated, saturatedSeconds }).toEqual({ saturated: true, saturatedSeconds: 6 });
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(/^event-loop lag \(p99\) over 20ms in 6 of 100 s \(0–5 s\), stalls up to 85ms: fewer users per worker/);
});

test('a lag of 20 ms, a CPU of 90 % and no late start are still good', () => {
  const edge = { loopLagP99Us: 20_000, cpu: 0.9, lateStarts: 1, begunStarts: 10 };
  expect(assessGenerator([secondsOf(3, { 0: edge, 1: edge, 2: edge })]).saturated).toBe(false);
});

test('a second is bad once, whichever of 2 workers and 3 causes made it so; the commonest cause comes first', () => {
  const first = secondsOf(10, { 0: { cpu: 0.97, lateStarts: 4 }, 1: { lateStarts: 2 } });
  const second = secondsOf(10, { 0: { cpu: 0.95 }, 1: { lateStarts: 2 }, 2: { lateStarts: 3 } });
  const { reasons, saturatedSeconds } = assessGenerator([first, second]);
  expect(saturatedSeconds).toBe(3);
  expect(reasons.map((reason) => reason.split(':')[0])).toEqual([
    '11 iterations began over 10 ms late in 3 of 10 s (0–2 s)',
    "a worker's CPU over 90% in 1 of 10 s (0 s), up to 97%",
  ]);
});

test('CPU is the mean of the busiest of 2 workers, lag the p99s of all seconds with the longest stall as its max', () => {
  const idle = secondsOf(4, { 0: { loopLagP99Us: 3000, loopLagMaxUs: 15_000 } });
  const busy = secondsOf(4, { 0: { cpu: 0.6 }, 1: { cpu: 0.8 } });
  const { cpu, loopLagMs } = assessGenerator([idle, busy, []]);
  expect(cpu).toBeCloseTo(0.55, 9);
  expect(loopLagMs).toEqual({ min: 1, avg: 1.25, p50: 1, p90: 3, p95: 3, p99: 3, max: 15 });
});

test.each([
  [
    'sends over 20 ms late',
    { sendLagUsP99: 20_001 },
    /^requests waited over 20ms \(p99\) in the generator before they were sent in 2 of 4 s \(2–3 s\)/,
    /--workers/,
  ],
  [
    'one collection of 60 ms',
    { gcUs: 60_000, gcUsMax: 60_000 },
    /^garbage collection took up to 60ms of a second, 60ms at a time, in 2 of 4 s/,
    /keep less/,
  ],
  [
    'collections of 110 ms',
    { gcUs: 110_000, gcUsMax: 12_000 },
    /^garbage collection took up to 110ms of a second, 12ms at a time/,
    /keep less/,
  ],
  [
    'connections that queue for 60 ms',
    { connectQueueUsMax: 60_000 },
    /^connections waited up to 60ms for others/,
    /spread over a longer time/,
  ],
  [
    '3 sockets a second not to be had',
    { ownSocketErrors: 3 },
    /^the generator ran out of sockets 6 times in 2 of 4 s \(2–3 s\)/,
    /ulimit -n.*ip_local_port_range/,
  ],
])('%s in 2 of 4 s saturate the generator, with cause and remedy', (_, changes, cause, remedy) => {
  const { saturated, reasons, remarks } = assessGenerator([secondsOf(4, { 2: changes, 3: changes })]);
  expect({ saturated, remarks, count: reasons.length }).toEqual({ saturated: true, remarks: [], count: 1 });
  expect(reasons[0]).toMatch(cause);
  expect(reasons[0]).toMatch(remedy);
});

test('at the limits of sends, collections and connections nothing is said', () => {
  const edge = { sendLagUsP99: 20_000, gcUs: 100_000, gcUsMax: 50_000, connectQueueUsMax: 50_000, ownSocketErrors: 0 };
  expect(assessGenerator([secondsOf(3, { 0: edge, 1: edge, 2: edge })])).toMatchObject({ saturated: false, reasons: [], remarks: [] });
});

test('of seconds in which the workers got no processor that alone is said: a collection and a connection that waited for one blame no script', () => {
  const starved = { starvedUs: 324_000, cpu: 0.16, loopLagP99Us: 62_000, gcUs: 100_000, gcUsMax: 65_000, connectQueueUsMax: 200_000 };
  const { saturated, reasons } = assessGenerator([secondsOf(6, { 1: starved, 5: starved })]);
  expect({ saturated, count: reasons.length }).toEqual({ saturated: true, count: 1 });
  expect(reasons[0]).toMatch(/^the workers had work and no processor, up to 324ms/);
});

test('code that runs 90 ms in one piece is named beside the want of a processor, in 2 seconds; in 1, or as long as a collection, it is not', () => {
  const starved = { starvedUs: 700_000, cpu: 0.18, loopLagP99Us: 800_000, loopLagMaxUs: 900_000 };
  const burns = { ...starved, ranUsMax: 90_000 };
  const { reasons } = assessGenerator([secondsOf(6, { 1: burns, 2: burns, 5: starved })]);
  expect(reasons).toHaveLength(2);
  expect(reasons[0]).toMatch(/^the workers had work and no processor/);
  expect(reasons[1]).toMatch(
    /^code of the script ran up to 90ms in one piece, whoever else used the machine, in 2 of 6 s \(1–2 s\): less work in the script/,
  );
  for (const rare of [
    { 1: burns, 2: starved, 5: starved },
    { 1: { ...burns, gcUsMax: 60_000 }, 2: { ...burns, gcUsMax: 60_000 } },
  ])
    expect(assessGenerator([secondsOf(6, rare)]).reasons).toEqual([expect.stringMatching(/^the workers had work and no processor/)]);
});

test('a lag that is no longer than the waiting for a processor blames no script, though the worker was at work for longer; a longer one does', () => {
  const late = { starvedUs: 250_000, cpu: 0.32, loopLagP99Us: 37_000, loopLagMaxUs: 37_000, sendLagUsP99: 37_000 };
  const waited = assessGenerator([secondsOf(6, { 1: late, 3: late })]).reasons;
  expect(waited).toHaveLength(1);
  expect(waited[0]).toMatch(/^the workers had work and no processor/);
  const worked = { ...late, starvedUs: 120_000, loopLagP99Us: 200_000, loopLagMaxUs: 200_000 };
  expect(assessGenerator([secondsOf(6, { 1: worked, 3: worked })]).reasons.join()).toContain('less work in the script');
});

test('2 reports of 3 s each are 6 measured seconds: a worker that never had a turn for its timers is judged, and its seconds are those it tells of', () => {
  const burns = { spanS: 3, starvedUs: 900_000, loopLagP99Us: 840_000, loopLagMaxUs: 860_000, ranUsMax: 850_000 };
  const [zero, , , three] = secondsOf(4, { 0: burns, 3: burns });
  const { saturated, saturatedSeconds, reasons } = assessGenerator([[zero, three] as GeneratorSecond[]]);
  expect({ saturated, saturatedSeconds }).toEqual({ saturated: true, saturatedSeconds: 6 });
  expect(reasons[0]).toMatch(/in 6 of 6 s \(0–5 s\)/);
});

test('a worker that stood still from 2 s to 6 s did so in seconds 2 to 5, not in those before', () => {
  const stood = { spanS: 4, starvedUs: 4_000_000, loopLagP99Us: 3_900_000, loopLagMaxUs: 3_990_000 };
  const { reasons } = assessGenerator([secondsOf(3, { 2: stood })]);
  expect(reasons[0]).toMatch(/in 4 of 6 s \(2–5 s\)/);
});

test('a collection that is longer than all waiting for a processor is still named', () => {
  const both = { starvedUs: 120_000, cpu: 0.1, gcUs: 260_000, gcUsMax: 40_000 };
  const { reasons } = assessGenerator([secondsOf(4, { 2: both, 3: both })]);
  expect(reasons.some((reason) => reason.startsWith('garbage collection took up to 260ms'))).toBe(true);
});

test('sockets not to be had in 1 of 100 s saturate nothing, and are told all the same', () => {
  const { saturated, reasons, remarks } = assessGenerator([secondsOf(100, { 40: { ownSocketErrors: 7 } })]);
  expect({ saturated, reasons }).toEqual({ saturated: false, reasons: [] });
  expect(remarks[0]).toMatch(
    /^the generator ran out of sockets 7 times in 1 of 100 s \(40 s\), and those requests never reached the target/,
  );
});
