import { counted, formatNumber, formatRatio } from '../../core/page-figures.ts';
import type { LiveDetail, ScenarioProgress } from '../../report/live-detail.ts';
import { plainLine } from '../../report/plain-text.ts';
import { barText, clockText, type ProgressState } from '../../report/progress.ts';
import { cellsOf, clipped, joined, padded } from './cells.ts';
import { fitting, type Room, type Section } from './section.ts';

const BAR_CELLS_MIN = 8;
const BAR_CELLS_MAX = 30;
const NAME_CELLS_MAX = 24;

/** What runs where. */
export function titleSection({ script, environment, baseUrl, profile }: LiveDetail, { columns, paint }: Room): Section {
  const parts = [
    { text: plainLine(script), paint: paint.bold },
    { text: `on ${plainLine(environment)}` },
    { text: profile === undefined ? '' : `profile ${plainLine(profile)}` },
    { text: plainLine(baseUrl), paint: paint.dim },
  ];
  return { linesMin: 1, linesMax: 1, render: () => [joined(parts, columns)] };
}

/** Time, how much of it is gone, and the totals. */
export function timeSection(state: ProgressState, detail: LiveDetail, { columns, paint }: Room): Section {
  const { elapsedUs, remainingUs, stage, users, requests, failed } = state;
  const totalUs = remainingUs === undefined ? undefined : elapsedUs + remainingUs;
  const time = clockText(elapsedUs) + (totalUs === undefined ? '' : `/${clockText(totalUs)}`);
  const bar = totalUs === undefined ? '' : barText(totalUs === 0 ? 1 : elapsedUs / totalUs, barCells(columns));
  const failures = failed === 0 ? '0 failed' : `${formatNumber(failed)} failed (${formatRatio(failed / requests)})`;
  const parts = [
    { text: time, paint: paint.bold },
    { text: bar, paint: paint.good },
    { text: stage, paint: paint.unsure },
    { text: failures, paint: failed > 0 ? paint.bad : paint.dim },
    { text: counted(users, 'user') },
    { text: counted(requests, 'request') },
    { text: `${detail.inFlight} in flight`, paint: paint.dim },
    { text: remainingUs === undefined ? '' : `${clockText(remainingUs)} left`, paint: paint.dim },
  ];
  return { linesMin: 1, linesMax: 1, render: () => [joined(parts, columns)] };
}

/** A bar for each scenario; the only one of a run by time is the bar of the run. */
export function scenarioSection({ scenarios }: LiveDetail, { columns, paint }: Room): Section {
  const isTold = scenarios.length > 1 || scenarios.some(({ iterations }) => iterations !== undefined);
  const linesMax = isTold ? scenarios.length : 0;
  const nameCells = Math.min(
    NAME_CELLS_MAX,
    Math.floor(columns / 3),
    Math.max(1, ...scenarios.map(({ name }) => cellsOf(plainLine(name)))),
  );
  const lineOf = (scenario: ScenarioProgress): string =>
    joined(
      [
        { text: padded(plainLine(scenario.name), nameCells) },
        { text: barText(scenario.doneRatio, barCells(columns)), paint: paint.good },
        { text: stateOf(scenario) },
        { text: scenario.load, paint: paint.dim },
      ],
      columns,
    );
  return {
    linesMin: Math.min(1, linesMax),
    linesMax,
    render(lines) {
      const { shown, hidden } = fitting(scenarios, lines, (each) => (isUnderWay(each) ? 1 : 0));
      const rest = hidden === 0 ? [] : [paint.dim(clipped(`… ${hidden} ${shown.length === 0 ? '' : 'more '}scenarios`, columns))];
      return [...shown.map(lineOf), ...rest];
    },
  };
}

function barCells(columns: number): number {
  return Math.min(BAR_CELLS_MAX, Math.max(BAR_CELLS_MIN, Math.floor(columns / 4)));
}

function isUnderWay({ doneRatio, startsInUs }: ScenarioProgress): boolean {
  return doneRatio < 1 && startsInUs <= 0;
}

function stateOf({ startsInUs, iterations, doneRatio, remainingUs }: ScenarioProgress): string {
  if (startsInUs > 0) return `begins in ${clockText(startsInUs)}`;
  if (iterations !== undefined) return `${iterations.begun}/${iterations.planned} iterations`;
  return doneRatio >= 1 || remainingUs === undefined ? 'done' : `${clockText(remainingUs)} left`;
}
