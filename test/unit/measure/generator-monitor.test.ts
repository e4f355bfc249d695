import { expect, test } from 'vitest';
import { GeneratorMonitor } from '../../../runtime/measure/generator-monitor.ts';
import { ResidentMemory, UsageMeter } from '../../../runtime/measure/usage.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** Whatever this process collected meanwhile. */
const COLLECTIONS = { gcUs: expect.any(Number), gcUsMax: expect.any(Number) };

/** A process that has used as much CPU as it is told. */
function fakeProcess(): { cpuUs: number; cpuUsage(): { user: number; system: number }; memoryUsage: { rss(): number } } {
  return {
    cpuUs: 0,
    cpuUsage() {
      return { user: this.cpuUs * 0.75, system: this.cpuUs * 0.25 };
    },
    memoryUsage: { rss: () => 64_000_000 },
  };
}

test('0.5 s of CPU in 1 s is a share of 0.5; 1.6 s in the next, of two threads, 1.6', () => {
  const clock = new FakeClock();
  const source = fakeProcess();
  const meter = new UsageMeter(() => clock.nowUs(), source);
  source.cpuUs = 500_000;
  clock.advanceTo(1_000_000);
  expect(meter.take()).toEqual({ cpu: 0.5, cpuUs: 500_000, rssBytes: 64_000_000 });
  source.cpuUs = 2_100_000;
  clock.advanceTo(2_000_000);
  expect(meter.take().cpu).toBeCloseTo(1.6, 9);
  expect(meter.take().cpu).toBe(0);
});

test('resident memory that the system no longer tells is what it was: 64 MB', () => {
  let isTold = true;
  const memory = new ResidentMemory({
    rss: () => {
      if (!isTold) throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
      return 64_000_000;
    },
  });
  expect(memory.bytes()).toBe(64_000_000);
  isTold = false;
  expect(memory.bytes()).toBe(64_000_000);
});

test('this process itself has a resident size and a finite CPU share', () => {
  const usage = new UsageMeter(() => performance.now() * 1000).take();
  expect(usage.rssBytes).toBeGreaterThan(1_000_000);
  expect(Number.isFinite(usage.cpu)).toBe(true);
});

test('a second says lag, CPU and late starts of that second alone, and nothing of what was before start', () => {
  const clock = new FakeClock();
  const source = fakeProcess();
  let late = 0;
  const monitor = new GeneratorMonitor({ clock, starts: () => ({ late, begun: 10 * late }), source });
  late = 5;
  source.cpuUs = 900_000;
  clock.advanceTo(1_000_000);
  expect(monitor.take(0)).toBeUndefined();
  monitor.start();
  late = 7;
  source.cpuUs = 1_150_000;
  clock.stallUntil(1_060_000);
  clock.advanceTo(2_000_000);
  expect(monitor.take(1)).toEqual({
    ...COLLECTIONS,
    second: 1,
    loopLagP99Us: 40_000,
    loopLagMaxUs: 50_000,
    cpu: 0.25,
    lateStarts: 2,
    begunStarts: 20,
    rssBytes: 64_000_000,
  });
  clock.advanceTo(3_000_000);
  expect(monitor.take(2)).toEqual({
    ...COLLECTIONS,
    second: 2,
    loopLagP99Us: 0,
    loopLagMaxUs: 0,
    cpu: 0,
    lateStarts: 0,
    begunStarts: 0,
    rssBytes: 64_000_000,
  });
  monitor.stop();
  expect(clock.waiting).toBe(0);
});

test('asked at 5 s for the first time since 2 s, it tells of 3 seconds as one', () => {
  const clock = new FakeClock();
  const monitor = new GeneratorMonitor({ clock, starts: () => ({ late: 0, begun: 0 }), source: fakeProcess() });
  monitor.start();
  clock.advanceTo(1_000_000);
  expect(monitor.take(0)).not.toHaveProperty('spanS');
  clock.advanceTo(5_001_000);
  expect(monitor.take(2)).toMatchObject({ second: 2, spanS: 3 });
  monitor.stop();
});

test('a second says what sending was like since the one before; with nothing sent it has no send lag', () => {
  const clock = new FakeClock();
  const seconds = [
    { sendLagUsP99: 999, connectQueueUsMax: 999, ownSocketErrors: 999 },
    { sendLagUsP99: 120, connectQueueUsMax: 7000, ownSocketErrors: 2 },
    { sendLagUsP99: undefined, connectQueueUsMax: 0, ownSocketErrors: 0 },
  ];
  const monitor = new GeneratorMonitor({
    clock,
    starts: () => ({ late: 0, begun: 0 }),
    source: fakeProcess(),
    sending: () => seconds.shift(),
  });
  monitor.start();
  clock.advanceTo(1_000_000);
  expect(monitor.take(0)).toMatchObject({ sendLagUsP99: 120, connectQueueUsMax: 7000, ownSocketErrors: 2 });
  clock.advanceTo(2_000_000);
  const idle = monitor.take(1);
  expect(idle).toMatchObject({ connectQueueUsMax: 0, ownSocketErrors: 0 });
  expect(idle).not.toHaveProperty('sendLagUsP99');
  monitor.stop();
});
