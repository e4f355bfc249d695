import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunSeries } from '../core/run-series.ts';
import { keptPlanOf } from '../history/plan-file.ts';
import { JOURNAL_FILE, RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import { readJournal } from '../record/journal.ts';
import { Ledger } from '../record/ledger.ts';
import { enters } from '../record/second.ts';
import { SecondSeries } from '../record/second-series.ts';
import { SeriesHistory } from '../record/series-history.ts';
import { ToldAgain } from '../record/told-lines.ts';
import type { Edit, PlanView, RunEntry, RunView } from '../views/api.ts';
import { planViewOf } from './plan-view.ts';
import { filesOf } from './run-files.ts';

const VIEWS_KEPT = 4;
/** Views of runs that are over, from their folders; the last few are kept, for a long journal takes a while to read. */
export class PastRuns {
  readonly #views = new Map<string, { mark: string; view: Promise<RunView> }>();

  view(folder: string, entry: RunEntry): Promise<RunView> {
    const mark = `${markOf(join(folder, RUN_JSON_FILE))} ${markOf(join(folder, JOURNAL_FILE))} ${entry.baselines.join()}`;
    const known = this.#views.get(folder);
    this.#views.delete(folder);
    const kept = known?.mark === mark ? known : { mark, view: viewOf(folder, entry) };
    this.#views.set(folder, kept);
    for (const oldest of this.#views.keys()) if (this.#views.size > VIEWS_KEPT) this.#views.delete(oldest);
    return kept.view;
  }
}

/** A damaged part is left out: the rest of a run is worth seeing. */
async function viewOf(folder: string, entry: RunEntry): Promise<RunView> {
  const journal = await journalOf(join(folder, JOURNAL_FILE));
  const file = join(folder, RUN_JSON_FILE);
  const result = existsSync(file) ? await readRunJson(file).catch(() => null) : null;
  return {
    id: basename(folder),
    state: entry.state,
    entry,
    plan: planOf(folder, result?.run.baseUrl),
    series: journal.series,
    edits: journal.edits,
    logs: (result?.notes ?? []).map((text) => ({ atMs: entry.startedMs, level: 'info' as const, text })),
    live: null,
    result,
    files: filesOf(folder),
    lastEvent: 0,
  };
}

async function journalOf(path: string): Promise<{ series: RunSeries; edits: Edit[] }> {
  const [ledger, seconds, history] = [new Ledger(), new SecondSeries(), new SeriesHistory()];
  const told = new ToldAgain(ledger, () => undefined);
  const edits: Edit[] = [];
  let measuringSecond = 0;
  try {
    for await (const line of readJournal(path)) {
      told.take(line);
      const second = ledger.close(line);
      if (enters(second, 'measuring')) measuringSecond = second.second;
      history.add(seconds.of(second));
      for (const { atS, change } of line.adjust ?? []) edits.push({ second: measuringSecond + Math.floor(atS), change });
    }
  } catch {
    // cut off or damaged: what came before it stands
  }
  return { series: history.data(), edits };
}

function planOf(folder: string, baseUrl: string | undefined): PlanView | null {
  const plan = keptPlanOf(folder);
  return plan === undefined ? null : planViewOf(plan, baseUrl);
}

function markOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '-' : `${stat.mtimeMs}/${stat.size}`;
}
