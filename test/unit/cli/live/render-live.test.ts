import { expect, test } from 'vitest';
import { cellsOf } from '../../../../runtime/cli/live/cells.ts';
import { renderLive } from '../../../../runtime/cli/live/render-live.ts';
import { fixedDetail, fixedState } from './fixed-state.ts';

const plain = (columns: number, rows: number, state = fixedState): string[] => renderLive(state, { columns, rows, isColor: false });

test.each([
  [120, 40],
  [80, 40],
  [80, 24],
  [40, 40],
  [40, 12],
])('a terminal of %d columns and %d rows is filled like the golden file', async (columns, rows) => {
  await expect(`${plain(columns, rows).join('\n')}\n`).toMatchFileSnapshot(`../../../golden/live-${columns}x${rows}.txt`);
});

test('whatever the size from 1 to 140 columns and 2 to 45 rows, no line is as wide and the whole never as high as the terminal', () => {
  for (let columns = 1; columns <= 140; columns++)
    for (let rows = 2; rows <= 45; rows++) {
      const lines = plain(columns, rows);
      expect(lines.length, `${columns}x${rows}`).toBeLessThan(rows);
      expect(Math.max(...lines.map(cellsOf)), `${columns}x${rows}`).toBeLessThan(columns);
    }
});

test('35 columns or 4 rows are one line: time, users, rate, failures', () => {
  expect(plain(80, 4)).toEqual(['0:45/2:00  ██████░░░░░░░░░░  21 users  51 req/s  95 failed  p95 331ms']);
  expect(plain(35, 40)).toEqual(['0:45/2:00  21 users  51 req/s']);
});

test('a met threshold is green, a missed one red, one without data yellow', () => {
  const lines = renderLive(fixedState, { columns: 120, rows: 40, isColor: true });
  const colorOf = (expression: string): string | undefined =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    /^\u001b\[(\d+)m[✓✗?]/.exec(lines.find((line) => line.includes(expression)) ?? '')?.[1];
  expect([colorOf('p(95)<2s'), colorOf('rate<=1%'), colorOf('checks: rate')]).toEqual(['32', '31', '33']);
});

test('without colors there is no escape sequence', () => {
  expect(plain(120, 40).join('\n')).not.toContain('\u001b');
});

test('control characters of names, thresholds and environments do not reach the terminal', () => {
  const evil = 'a\u001b[2J\nb';
  const [request] = fixedDetail.requests;
  const [threshold] = fixedDetail.thresholds;
  const [scenario] = fixedDetail.scenarios;
  if (request === undefined || threshold === undefined || scenario === undefined) throw new Error('the fixed state has none');
  const detail = {
    ...fixedDetail,
    script: evil,
    environment: evil,
    baseUrl: evil,
    profile: evil,
    requests: [
      { ...request, task: evil, name: evil, method: evil },
      { ...request, task: evil, name: evil, method: 'GET' },
    ],
    thresholds: [{ ...threshold, expression: evil }],
    scenarios: [scenario, { ...scenario, name: evil }],
  };
  const lines = plain(120, 40, { ...fixedState, detail });
  expect(lines.filter((line) => line.includes('a b')).length).toBeGreaterThanOrEqual(5);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  expect(lines.filter((line) => /[\u0000-\u001f]/.test(line))).toEqual([]);
});

test('of 50 names in 14 rows those that fail and the busiest are shown, and how many are not', () => {
  const requests = Array.from({ length: 50 }, (_, i) => {
    return { task: `t${String(i).padStart(2, '0')}`, method: 'GET', name: '/', count: i, failed: i === 3 ? 1 : 0, p95Us: 1000 };
  });
  const detail = { ...fixedDetail, requests, thresholds: [], scenarios: fixedDetail.scenarios.slice(0, 1) };
  const lines = plain(80, 14, { ...fixedState, detail });
  const from = lines.findIndex((line) => line.startsWith('request'));
  expect(lines.slice(from + 1).map((line) => line.split(' ')[0])).toEqual(['t03', 't47', 't48', 't49', '…', 'generator']);
  expect(lines).toContain('… 46 more request names');
});

test('a generator that is saturated is said in red, with the seconds', () => {
  const generator = { workers: 1, loopLagUsP99: 50_000, cpu: 0.99, saturatedSeconds: 9, measuredSeconds: 45, isSaturated: true };
  const lines = renderLive({ ...fixedState, detail: { ...fixedDetail, generator } }, { columns: 120, rows: 40, isColor: true });
  expect(lines.at(-1)).toContain('\u001b[31mSATURATED 9 of 45 s\u001b[39m  \u001b[31mCPU 99%\u001b[39m  \u001b[31mlag 50ms\u001b[39m');
});
