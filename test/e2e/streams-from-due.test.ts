import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';

test('in an open model the time to the first event counts from due: the record of a target that stalls allows no other', async () => {
  const [intervalMs, stalled, stallMs] = [50, 5, 1_500];
  /** Of each stream in the order in which it came, ms of the clock of this process. */
  const record: { arrived: number; written: number }[] = [];
  const server = createServer((request, response) => {
    if (request.url !== '/events') return void response.end('{}');
    const n = record.push({ arrived: performance.now(), written: 0 }) - 1;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    setTimeout(
      () => {
        (record[n] as { written: number }).written = performance.now();
        response.end(`data: ${n}\n\n`);
      },
      n === stalled ? stallMs : 0,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "http://127.0.0.1:${(server.address() as AddressInfo).port}" } }
health_check: { path: /health, expect: {} }\nwarm_up: { requests: 0 }\n`,
    'a.ts': `import { check, http } from 'stressrun';
      export default async () => {
        for await (const { data, sinceDueMs } of await http.stream('/events')) check(data, { [data + ' ' + sinceDueMs]: () => true });
      };`,
  });
  const { run } = await load([at('a.ts'), '--env', 't', '--rate', '20/s', '--users', '1', '--duration', '3s']);

  const since = new Map(run.checks.map(({ name }) => name.split(' ').map(Number) as [number, number]));
  const [first, held] = [record[0], record[stalled]];
  if (first === undefined || held === undefined) throw new Error('expected streams');
  expect(since.size).toBeGreaterThan(stalled + 10);
  for (const [n, sinceDueMs] of since) {
    // one user: it was asked for when the one before had ended, and due when the plan said
    const { written } = record[n] as { written: number };
    // the stream that was held was due before it arrived, the others by the plan; nothing is seen before it is written
    if (n >= stalled) expect(sinceDueMs).toBeGreaterThanOrEqual(written - held.arrived - (n - stalled) * intervalMs - 0.1);
    // it was seen before the next was asked for
    const next = record[n + 1]?.arrived ?? Number.POSITIVE_INFINITY;
    const firstDue = first.written - (since.get(0) as number); // at the earliest
    expect(sinceDueMs).toBeLessThanOrEqual(next - firstDue - n * intervalMs + 0.1);
  }
  expect(run.metrics['stream_first_event_due']?.values['max']).toBeGreaterThanOrEqual(held.written - held.arrived - 0.1);
});
