import type { TaskRow } from '../../core/run-json.ts';
import type { LiveState, RunView } from '../../views/api.ts';
import type { RunSection, SectionTab } from '../../views/run-section.ts';
import { sectionsOf } from '../../views/run-sections.ts';
import { type ShownRun, shownRun } from '../../views/shown-run.ts';
import { stateOf } from './run-figures.ts';

/** The sections of a tab: of a run that goes on those that are known by then. */
export function sectionsOfTab(view: RunView, tab: SectionTab): RunSection[] {
  return sectionsOf(shownView(view)).filter((section) => section.tab === tab);
}

function shownView(view: RunView): ShownRun {
  if (view.result !== null) return shownRun(view.result);
  const { groups, uncounted, checks, errors, rows } = stateOf(view);
  return { groups, uncounted, checks, errors, tasks: tasksSoFar(view, rows) };
}

/** The weights of the plan beside the rows so far. */
function tasksSoFar({ plan }: RunView, rows: LiveState['rows']): TaskRow[] {
  const asked = plan?.tasks ?? [];
  const counts = asked.map(({ task }) => rows.reduce((sum, row) => sum + (row.task === task ? row.count : 0), 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  return asked.map((row, i) => ({ ...row, requests: counts[i] ?? 0, requestRatio: all === 0 ? null : (counts[i] ?? 0) / all }));
}
