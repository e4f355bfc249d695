import { DEFAULT_REGRESSION } from '../comparison/regression.ts';
import { rowLabel } from '../comparison/row-summary.ts';
import { toleranceText } from '../comparison/tolerance.ts';
import { ConfigError, EXIT } from '../core/errors.ts';
import { baselineNames, dropBaseline, readBaseline, saveBaseline } from '../history/baselines.ts';
import type { RunOutput } from '../run/output.ts';

interface Asked {
  readonly runDir: string;
  readonly words: readonly string[];
  readonly output: RunOutput;
}

const WORK = { save, show, list, drop } as const;
const MAIN = 'main';

/** `stressrun baseline save|show|list|drop`. @returns 0 @throws {ConfigError} for work that there is not, and what it is asked of */
export async function runBaseline({ runDir, words, output }: Asked): Promise<number> {
  const [what = '', ...rest] = words;
  const work = Object.hasOwn(WORK, what) ? WORK[what as keyof typeof WORK] : undefined;
  if (work === undefined) throw new ConfigError('baseline', `expected save, show, list or drop; got ${JSON.stringify(what)}`);
  output.result((await work(runDir, rest)).join('\n'));
  return EXIT.passed;
}

async function save(runDir: string, words: readonly string[]): Promise<string[]> {
  const [run, name = MAIN] = words;
  if (run === undefined) throw new ConfigError('baseline save', 'expected a run and a name, such as "latest main"; got none');
  const { baseline } = await saveBaseline(runDir, { run, name });
  const runs = baseline.earlier.length + 1;
  return [
    `Kept as baseline ${name}, of ${runs} ${runs === 1 ? 'run' : 'runs'}.`,
    ...toleranceText(
      [baseline, ...baseline.earlier].map(({ rows }) => rows),
      DEFAULT_REGRESSION,
    ),
  ];
}

async function show(runDir: string, words: readonly string[]): Promise<string[]> {
  const { run, baseline } = await readBaseline(runDir, onlyName('show', words));
  const head = [`${run.id}: ${run.script} on ${run.environment}, ${run.profile ?? 'no profile'}, ${run.started}`];
  if (baseline?.rows === undefined) return [...head, 'saved by an older version: save it again to compare with it'];
  const earlier = baseline.earlier.map(({ id }) => id);
  return [
    ...head,
    ...(earlier.length === 0 ? [] : [`with ${earlier.length} before it: ${earlier.join(', ')}`]),
    ...baseline.rows.map(
      ({ count, failed, ms, ...row }) =>
        `  ${rowLabel(row)}: ${count} requests, ${failed} failed${ms.p95 === undefined ? '' : `, p95 ${ms.p95.value.toFixed(1)} ms`}`,
    ),
    ...toleranceText(
      [baseline, ...baseline.earlier].map(({ rows }) => rows),
      DEFAULT_REGRESSION,
    ),
  ];
}

async function list(runDir: string, words: readonly string[]): Promise<string[]> {
  if (words.length > 0) throw new ConfigError('baseline list', `expected nothing more; got ${JSON.stringify(words[0])}`);
  const names = baselineNames(runDir);
  if (names.length === 0) return [`no baselines in ${runDir} yet: stressrun baseline save latest main`];
  return Promise.all(
    names.map(async (name) => {
      const { run, baseline } = await readBaseline(runDir, name);
      const runs = 1 + (baseline?.earlier?.length ?? 0);
      return `${name}: ${run.id}${runs === 1 ? '' : ` and ${runs - 1} before it`}`;
    }),
  );
}

async function drop(runDir: string, words: readonly string[]): Promise<string[]> {
  const name = onlyName('drop', words);
  await dropBaseline(runDir, name);
  return [`Dropped baseline ${name}.`];
}

function onlyName(work: string, words: readonly string[]): string {
  const [name] = words;
  if (name === undefined || words.length > 1)
    throw new ConfigError(
      `baseline ${work}`,
      `expected the name of one baseline, such as "${MAIN}"; got ${words.length === 0 ? 'none' : words.join(' ')}`,
    );
  return name;
}
