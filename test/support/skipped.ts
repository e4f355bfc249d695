import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import type { Reporter, TestModule, Vitest } from 'vitest/node';
import { missingPackages } from './needs.ts';

/** Ends what vitest prints with the tests that were left out, and the commands that get them. */
export class Skipped implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    // asked for by name: all others are left out on purpose
    if (this.#vitest?.config.testNamePattern !== undefined) return;
    process.stdout.write(skippedText(skippedIn(modules), missingPackages()));
  }
}

interface SkippedTest {
  /** From the repository's top. */
  readonly file: string;
  readonly title: string;
}

function skippedIn(modules: readonly TestModule[]): SkippedTest[] {
  return modules.flatMap(({ moduleId, children }) =>
    [...children.allTests('skipped')].map(({ fullName }) => ({ file: relative(process.cwd(), moduleId), title: fullName })),
  );
}

/** Empty when none was left out. @param missing - Debian packages that are not on this machine */
export function skippedText(skipped: readonly SkippedTest[], missing: readonly string[]): string {
  if (skipped.length === 0) return '';
  const files = [...new Set(skipped.map(({ file }) => file))];
  const reasons = [
    ...(missing.length === 0 ? [] : [`  apt-get install --no-install-recommends ${missing.join(' ')}`]),
    ...(process.platform === 'linux' ? [] : ['  (some need Linux)']),
    ...(availableParallelism() > 1 ? [] : ['  (some need a second core)']),
  ];
  const count = skipped.length === 1 ? '1 test was' : `${skipped.length} tests were`;
  return [
    `\n${count} left out:`,
    ...skipped.map(({ file, title }) => `  ${file}: ${title}`),
    'They run after',
    ...reasons,
    'with',
    `  npx vitest run ${files.join(' ')}`,
    '',
  ].join('\n');
}
