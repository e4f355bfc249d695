import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { reportRun } from '../../../runtime/commands/report-run.ts';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { compactJson } from '../../../runtime/history/json-text.ts';
import { readJournal } from '../../../runtime/record/journal.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { LiveTable } from '../../../runtime/record/live-table.ts';
import { LiveView } from '../../../runtime/record/live-view.ts';
import { ToldAgain } from '../../../runtime/record/told-lines.ts';
import type { RunOutput } from '../../../runtime/run/output.ts';
import { PastRuns } from '../../../runtime/server/past-run.ts';
import type { RunEntry } from '../../../runtime/views/api.ts';

/*
 * Journals of real runs, kept as they were written, and everything that can be made of them: whoever changes how a second is read changes these files, and says so.
 * `npm run test:golden` writes them anew. How they were recorded stands in their README.
 */
const KEPT = join(import.meta.dirname, '../../golden/journals');
const NAMES = readdirSync(KEPT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const work = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(work, { recursive: true }));

/** A run folder without run.json: all that is known of the run is its plan and its journal. */
function folderOf(name: string): { runDir: string; folder: string } {
  const runDir = join(work, name);
  const folder = join(runDir, '2026-11-30T13-00-00-kept-0000');
  mkdirSync(folder, { recursive: true });
  cpSync(join(KEPT, name, 'plan.json'), join(folder, 'plan.json'));
  writeFileSync(join(folder, 'journal.ndjson'), gunzipSync(readFileSync(join(KEPT, name, 'journal.ndjson.gz'))));
  return { runDir, folder };
}

const textOf = (value: unknown): string => `${compactJson(JSON.stringify(value, undefined, 1))}\n`;
const golden = (name: string, file: string): string => join(KEPT, name, file);

function listening(): { output: RunOutput; results: string[] } {
  const results: string[] = [];
  const quiet = (): void => undefined;
  const output = { follow: quiet, starting: quiet, note: quiet, isTty: false, columns: 120, isQuiet: true, isColor: false };
  return { output: { ...output, result: (text) => results.push(text) }, results };
}

/** What a terminal would have drawn, second by second. */
async function liveOf(path: string): Promise<unknown[]> {
  const [ledger, view, table, seconds] = [new Ledger(), new LiveView(), new LiveTable(), [] as unknown[]];
  const told = new ToldAgain(ledger, (problem) => expect.fail(problem));
  for await (const line of readJournal(path)) {
    told.take(line);
    const second = ledger.close(line);
    table.take(second);
    const { ofSecond, recent, ...numbers } = view.take(second);
    const rows = table.rows.map(({ task, method, name, count, failed, responseTime }) => [
      task,
      method,
      name,
      count,
      failed,
      responseTime.percentile(0.95),
    ]);
    const kept = { ...numbers, responseTimeUsP95: recent?.p95Us, own: ofSecond?.p95Us, recent: recent?.p95Us };
    seconds.push({ second: second.second, ...kept, rows });
  }
  return seconds;
}

test('ten journals are kept: users, arrivals, drops, windows, stages, an edit, a stop, a kill, a lost worker, and one of what workers told as bytes', () => {
  expect(NAMES).toEqual(['closed', 'dropping', 'edited', 'interrupted', 'killed', 'lost', 'open', 'shape', 'told', 'windows']);
});

describe.each(NAMES)('%s', (name) => {
  test('its run.json, history and console are those that are kept', async () => {
    const { runDir, folder } = folderOf(name);
    const { output, results } = listening();
    const jsonPath = join(work, `${name}.json`);
    expect(await reportRun({ run: folder, output, runDir, jsonPath, reports: {} })).toBe(0);
    const run = JSON.parse(readFileSync(jsonPath, 'utf8')) as RunJson;
    await expect(textOf(run)).toMatchFileSnapshot(golden(name, 'run.json'));
    await expect(readFileSync(join(folder, 'stats_history.csv'), 'utf8')).toMatchFileSnapshot(golden(name, 'stats_history.csv'));
    await expect(results.join('\n').replaceAll(folder, 'FOLDER')).toMatchFileSnapshot(golden(name, 'console.txt'));
  });

  test('its page, and what the terminal showed second by second, are those that are kept', async () => {
    const { folder } = folderOf(name);
    const entry = { id: 'kept', state: 'killed', startedMs: 1_764_500_000_000, baselines: [] } as unknown as RunEntry;
    const view = await new PastRuns().view(folder, entry);
    await expect(textOf({ ...view, files: [] })).toMatchFileSnapshot(golden(name, 'page.json'));
    await expect(textOf(await liveOf(join(folder, 'journal.ndjson')))).toMatchFileSnapshot(golden(name, 'live.json'));
  });
});
