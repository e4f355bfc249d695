import { existsSync, readFileSync } from 'node:fs';
import { appendFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PACKAGE } from '../core/package-files.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunJson } from '../core/run-json.ts';
import { writeAtomically } from '../history/atomic-write.ts';
import { makeFolder } from '../history/make-folder.ts';
import type { LatencyLog } from '../record/latency-log.ts';
import { groupsCsv, tagCsv, uncountedCsv } from '../report/beside-csv.ts';
import { githubAnnotations } from '../report/github-annotations.ts';
import { type PageAssets, renderHtml } from '../report/html/render-html.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { exceptionsCsv, failuresCsv, statsCsv, statsHistoryCsv } from '../views/locust-csv.ts';
import type { ReportFlags, RunOutput } from './output.ts';
import { CSV_TABLES, CSV_TABLES_BESIDE } from './report-paths.ts';

/** Everything that reports are made of, and where they go. */
export interface ReportRequest {
  /** Complete, as of `completeRun`, secrets hidden. */
  readonly run: RunJson;
  /** As plan.json has it; undefined: the page is without it. */
  readonly plan?: unknown;
  /** Undefined: nothing second by second is known, and there is no latency.hlog. */
  readonly latencyLog?: LatencyLog | undefined;
  /** Hides secrets in what the latency log says of a live run, and in names that the plan has from users. */
  readonly redactor?: Redactor;
  /** The run's folder; run.json in it is not written here. */
  readonly folder: string;
  readonly flags: ReportFlags;
  /** Variables of the process where a run has just ended: under GitHub Actions it tells of it there. Undefined: it does not. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly output: Pick<RunOutput, 'note'>;
}

/** A file by its name in the run folder, and how it is made. */
type ReportFile = readonly [name: string, textOf: () => string | Promise<string>];

/** Paths of reports that could not be made or written. */
export interface LackingReports {
  readonly inFolder: readonly string[];
  /** Where flags wanted them. */
  readonly asked: readonly string[];
}

/** Writes every report into the run folder, and again where the flags say. What cannot be made or written is told and stops nothing. @returns what is lacking now */
export async function writeReports(request: ReportRequest): Promise<LackingReports> {
  const inFolder: string[] = [];
  const asked: string[] = [];
  const { run, folder, flags, env = {}, output } = request;
  const texts = new Map<string, string>();
  const attempt = async (what: string, work: () => Promise<void>, lacking: string[] = []): Promise<void> => {
    await work().catch((error: unknown) => {
      lacking.push(what);
      output.note(`${what} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  for (const [name, textOf] of filesOf(request)) {
    const writeIt = async (): Promise<void> => {
      const text = await textOf();
      texts.set(name, text);
      await writeAtomically(join(folder, name), text);
    };
    await attempt(join(folder, name), writeIt, inFolder);
  }
  for (const [name, path] of wantedBy(flags, texts)) {
    const text = texts.get(name);
    if (text === undefined) asked.push(path);
    else await attempt(path, () => writeWhere(path, text), asked);
  }
  if (env['GITHUB_ACTIONS'] !== 'true') return { inFolder, asked };
  for (const line of githubAnnotations(run)) output.note(line, 'order');
  const summaryPath = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (summaryPath !== '') await attempt(summaryPath, () => appendFile(summaryPath, texts.get('summary.md') ?? ''));
  return { inFolder, asked };
}

function filesOf({ run, plan, latencyLog, redactor, flags }: ReportRequest): ReportFile[] {
  const formulas = flags.isCsvRaw === true ? 'raw' : 'escaped';
  const { series } = run;
  const textOfLog = (text: string): string => redactor?.text(text) ?? text;
  return [
    ['report.html', () => reportPage(run, plan === undefined ? undefined : (redactor?.json(plan) ?? plan))],
    ['stats.csv', () => statsCsv(run, formulas)],
    ...(series === undefined ? [] : [['stats_history.csv', () => statsHistoryCsv(series, formulas)] as const]),
    ['failures.csv', () => failuresCsv(run, formulas)],
    ['exceptions.csv', () => exceptionsCsv(run, formulas)],
    ...CSV_TABLES_BESIDE.flatMap((name): ReportFile[] => {
      const text = BESIDE[name](run, formulas);
      return text === undefined ? [] : [[name, () => text]];
    }),
    // Loaded when it is needed: its package takes longer to load than a report to write.
    ['junit.xml', async () => (await import('../report/junit.ts')).junitXml(run)],
    ['summary.md', () => renderMarkdown(run)],
    ...(latencyLog === undefined ? [] : [['latency.hlog', () => textOfLog(latencyLog.text(run.run.id))] as const]),
  ];
}

const BESIDE = { 'by_tag.csv': tagCsv, 'groups.csv': groupsCsv, 'uncounted.csv': uncountedCsv } as const;

/** Files that the flags ask for: name in the run folder, path. */
function wantedBy(
  { html, csv, junit, markdown }: ReportFlags,
  made: ReadonlyMap<string, string>,
): (readonly [name: string, path: string])[] {
  const single = [
    ['report.html', html],
    ['junit.xml', junit],
    ['summary.md', markdown],
  ] as const;
  const tables = csv === undefined ? [] : [...CSV_TABLES, ...CSV_TABLES_BESIDE.filter((name) => made.has(name))];
  return [
    ...single.flatMap(([name, path]) => (path === undefined ? [] : [[name, path] as const])),
    ...tables.map((name) => [name, `${csv}_${name}`] as const),
  ];
}

/** Writes where a flag says, and makes the folder. In place, not by a rename: it may be a pipe or a device. */
export async function writeWhere(path: string, text: string): Promise<void> {
  makeFolder(dirname(path));
  await writeFile(path, text);
}

/** Where people find what is kept of a run, as the end of the console report says it: the page only if it is there. */
export function reportIn(runFolder: string): { runFolder: string; reportPath?: string } {
  const reportPath = join(runFolder, 'report.html');
  return existsSync(reportPath) ? { runFolder, reportPath } : { runFolder };
}

/** report.html. @param plan - secrets hidden; undefined: the page is without it */
export function reportPage(run: RunJson, plan?: unknown): string {
  return renderHtml(run, { plan, ...givenAssets() });
}

/** The built script and style of the page; without them (built without uPlot) it has its tables alone. */
function givenAssets(): { assets?: PageAssets } {
  const { reportScriptFile, reportStyleFile } = PACKAGE;
  if (!existsSync(reportScriptFile) || !existsSync(reportStyleFile)) return {};
  return { assets: { script: readFileSync(reportScriptFile, 'utf8'), style: readFileSync(reportStyleFile, 'utf8') } };
}
