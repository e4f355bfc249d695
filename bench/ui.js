// The pages of the web UI after an hour with 50 request names, in Chromium: size, first paint, frames, long tasks, memory.
// node bench/ui.js [--names 50] [--hours 1] [--seconds 20]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { serveMadeUpRun } from './ui-feed.js';

const LONG_TASK_MS_MAX = 100;
const VIEWS = ['Charts', 'Requests', 'Checks'];
const { values } = parseArgs({
  options: {
    names: { type: 'string', default: '50' },
    hours: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
    chromium: { type: 'string', default: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  },
});

/** In the page: what the browser tells of itself from its first moment on. */
const WATCH = `
  window.__tasks = [];
  window.__frames = [];
  new PerformanceObserver((list) => window.__tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask', buffered: true });
  let last;
  const frame = (now) => { if (last !== undefined) window.__frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
`;
const TAKE = '({ tasks: window.__tasks.splice(0), frames: window.__frames.splice(0) })';
const PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime";

printSizes();
const feed = await serveMadeUpRun({ names: Number(values.names), seconds: Math.round(Number(values.hours) * 3600) });
const browser = await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] });
try {
  await measure(await browser.newPage({ viewport: { width: 1280, height: 900 } }));
} finally {
  await browser.close();
  feed.close();
}

async function measure(page) {
  await page.addInitScript(WATCH);
  await page.goto(feed.address);
  await page.getByRole('tab', { name: 'Charts' }).waitFor();
  await page.waitForTimeout(1500);
  const begun = await page.evaluate(TAKE);
  console.log(`first paint      ${Math.round(await page.evaluate(PAINT))} ms`);
  console.log(`opening it       longest task ${longest(begun.tasks)}`);
  const session = await page.context().newCDPSession(page);
  const before = await heapMb(session);
  for (const view of VIEWS) {
    await page.getByRole('tab', { name: view }).click();
    await page.evaluate(TAKE);
    await page.waitForTimeout((Number(values.seconds) * 1000) / VIEWS.length);
    const { tasks, frames } = await page.evaluate(TAKE);
    const sorted = frames.sort((a, b) => a - b);
    const at = (share) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1);
    console.log(`${view.padEnd(16)} frames p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms; longest task ${longest(tasks)}`);
  }
  console.log(`memory           ${before} MB of heap, ${await heapMb(session)} MB ${values.seconds} s later, after collection`);
}

function longest(tasks) {
  if (tasks.length === 0) return 'under 50 ms';
  const most = Math.max(...tasks);
  return `${Math.round(most)} ms${most > LONG_TASK_MS_MAX ? ` (over ${LONG_TASK_MS_MAX} ms)` : ''}`;
}

async function heapMb(session) {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return (usedSize / 1e6).toFixed(1);
}

function printSizes() {
  const folder = join(import.meta.dirname, '..', 'dist', 'ui');
  const sizes = readdirSync(folder).map((name) => [name, gzipSync(readFileSync(join(folder, name))).length]);
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log(
    `size (gzip)      ${sizes.map(([name, bytes]) => `${name} ${(bytes / 1000).toFixed(1)} kB`).join(', ')}; all ${(total / 1000).toFixed(1)} kB`,
  );
}
