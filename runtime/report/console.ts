import type { RunJson } from '../core/run-json.ts';
import { benchmarkBlock } from './benchmark-block.ts';
import { checkSection, errorSection } from './check-section.ts';
import { generatorSection, metricSection, startSection } from './metric-section.ts';
import type { Page } from './page.ts';
import { paintOf } from './paint.ts';
import { groupSection, latencySection, requestSection, tagSections, uncountedSection } from './request-section.ts';
import { streamSection } from './stream-section.ts';
import { errorSectionOf, noteSection, thresholdSection, verdictSection } from './verdict-section.ts';

const COLUMNS_MIN = 60;
const SECTIONS = [
  benchmarkBlock,
  verdictSection,
  thresholdSection,
  requestSection,
  tagSections,
  groupSection,
  streamSection,
  uncountedSection,
  latencySection,
  checkSection,
  errorSection,
  startSection,
  metricSection,
  generatorSection,
  noteSection,
];

/** How the console report is to look. */
export interface ConsoleOptions {
  readonly isColor: boolean;
  /** Width of the terminal; under 60 counts as 60. */
  readonly columns: number;
  /** Where the run folder is, as people should read it; undefined: nothing was kept. */
  readonly runFolder?: string;
  /** The page in it; undefined: it could not be written. */
  readonly reportPath?: string;
}

/** The result of a run for a terminal or a log, ending in a line break. An empty run renders too: nothing here throws. */
export function renderConsole(run: RunJson, options: ConsoleOptions): string {
  const page: Page = { run, paint: paintOf(options.isColor), columns: Math.max(COLUMNS_MIN, options.columns) };
  const sections = SECTIONS.map((section) => section(page));
  return joined([...sections, folderSection(page, options)]);
}

/** Of a run that measured nothing of what it was for: the deciding reason, as it is, with its frames and what to do; then where the rest is. */
export function renderErrorEnd(run: RunJson, options: ConsoleOptions): string {
  const page: Page = { run, paint: paintOf(options.isColor), columns: Math.max(COLUMNS_MIN, options.columns) };
  return joined([errorSectionOf(page), folderSection(page, options)]);
}

/** The folder, and at the very end the report in it; of one that is not there nothing is said. */
function folderSection({ paint }: Page, { runFolder, reportPath }: ConsoleOptions): string[] {
  if (runFolder === undefined) return [];
  const page = reportPath === undefined ? [] : [`${paint.bold('Report')}: ${reportPath}`];
  return [`${paint.bold('Run folder')}: ${runFolder}`, ...page];
}

function joined(sections: readonly (readonly string[])[]): string {
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
