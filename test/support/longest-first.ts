import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of 30 s and more, the longest first, as a clean clone cannot know: one of them begun late would be waited for alone. */
const LONG = [
  ...['deploy', 'init', 'examples', 'ui-page', 'hooks', 'guides', 'kill', 'lifecycle', 'ends', 'outputs', 'ui-form', 'answers'],
  ...['runner-commands', 'other-spellings', 'runaway-floods', 'ui-api', 'http', 'newcomer', 'ui-tables', 'sandbox', 'same-numbers'],
  ...['runaway', 'schedules', 'worker-loss', 'signals', 'open-model', 'plans'],
].map((name) => `${name}.test.ts`);

/** Vitest's order of projects and groups; in each of them the files that take long before the others. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) => sorted.filter((file) => file.project === project).sort((a, b) => rankOf(a) - rankOf(b)));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONG.indexOf(basename(moduleId));
  return rank < 0 ? LONG.length : rank;
}
