import { groupSection, tagSections, taskSection, uncountedSection } from './beside-sections.ts';
import { phaseSection } from './phase-section.ts';
import type { RunSection } from './run-section.ts';
import { loadSection, metricSection, noteSection, segmentSection, settingSection } from './setting-sections.ts';
import type { ShownRun } from './shown-run.ts';
import { streamSection } from './stream-section.ts';
import { checkSection, failedSection, failureSection, slowestSection } from './trouble-sections.ts';

/** Everything that is told of a run but its head, thresholds, charts and rows of requests, in the order of the page; nothing of what there is none of. */
export function sectionsOf(run: ShownRun): RunSection[] {
  return [
    segmentSection(run),
    streamSection(run),
    ...tagSections(run),
    taskSection(run),
    groupSection(run),
    uncountedSection(run),
    phaseSection(run),
    slowestSection(run),
    failureSection(run),
    failedSection(run),
    checkSection(run),
    metricSection(run),
    loadSection(run),
    settingSection(run),
    noteSection(run),
  ].filter(({ blocks }) => blocks.length > 0);
}
