import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { RunJson } from '../../runtime/core/run-json.ts';
import type { RunView } from '../../runtime/views/api.ts';
import { cli, startCli } from './cli.ts';
import { temporaryFolder } from './project.ts';
import { startAtTerminal } from './pseudo-terminal.ts';
import { startSink } from './sink.ts';
import { jsonAt, textAt, viewAt, type WatchedRun, watched } from './watched-run.ts';
import { decodeWriteRequest, type WrittenSeries } from './write-request.ts';

export interface LocustStats {
  readonly stats: readonly Readonly<Record<string, string | number>>[];
  readonly errors: readonly { readonly name: string; readonly occurrences: number }[];
  readonly [total: string]: unknown;
}

/** What a page shows: its figures by their names, its table of requests by head and row. */
export interface ShownPage {
  readonly figures: Readonly<Record<string, string>>;
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** One run as all of its views have it. */
export interface EveryView extends WatchedRun {
  /** What came on the terminal, live view and result. */
  readonly terminal: string;
  readonly runDir: string;
  readonly folder: string;
  readonly run: RunJson;
  /** What the server has of it when it is over. */
  readonly view: RunView;
  readonly stats: LocustStats;
  readonly statsCsv: string;
  readonly metricsText: string;
  /** What was written to Prometheus last of each series. */
  readonly written: readonly (Pick<WrittenSeries, 'labels'> & { readonly value: number })[];
  /** What the page showed while it went on, and in the end. Empty without a browser. */
  readonly pages: readonly ShownPage[];
}

interface Options {
  readonly folder: string;
  readonly patienceMs: number;
  /** Absent: it writes to pipes, as in CI. */
  readonly size?: { readonly columns: number; readonly rows: number };
  /** Watches the page as well. */
  readonly browser?: Browser | undefined;
}

/** Runs the real program, and looks at it by every way there is. */
export async function everyViewOf(flags: readonly string[], { folder, patienceMs, size, browser }: Options): Promise<EveryView> {
  const sink = await startSink({ status: 204 });
  const runDir = temporaryFolder();
  const outputs = ['-o', `prometheus=${sink.url}`, '--run-dir', runDir, '--config', join(folder, 'config.yaml')];
  const program = started([...flags, ...outputs, '--ui', '127.0.0.1:0', '--autoquit', '600'], {
    folder,
    patienceMs,
    ...(size && { size }),
  });
  const address = await program.address;
  const page = await browser?.newPage();
  const pages: ShownPage[] = [];
  const watching = watched(address);
  let isOver = false;
  const looking = page === undefined ? undefined : lookAt(page, address, { pages, isOver: () => isOver });
  const { id, seconds } = await watching;
  isOver = true;
  await looking;
  const ended = {
    view: await viewAt(address, id),
    stats: (await jsonAt(address, 'stats/requests')) as LocustStats,
    statsCsv: await textAt(address, 'stats/requests/csv'),
    metricsText: await textAt(address, 'metrics'),
  };
  if (page !== undefined) pages.push(await shownAt(page, new URL(`#/runs/${id}?tab=requests`, address).href));
  await page?.close();
  const terminal = await program.end();
  sink.close();
  const written = new Map<string, EveryView['written'][number]>();
  for (const { body } of sink.seen)
    for (const { labels, samples } of decodeWriteRequest(body))
      written.set(JSON.stringify(labels), { labels, value: samples.at(-1)?.value ?? Number.NaN });
  const runFolder = join(runDir, id);
  const run = JSON.parse(readFileSync(join(runFolder, 'run.json'), 'utf8')) as RunJson;
  return { id, seconds, ...ended, terminal, runDir, folder: runFolder, run, pages, written: [...written.values()] };
}

/** The page of the run that goes on, again and again; what the tables hold then is of one moment. */
async function lookAt(page: Page, address: string, { pages, isOver }: { pages: ShownPage[]; isOver(): boolean }): Promise<void> {
  const { id } = (await jsonAt(address, 'api/v1/status')) as { id: string | null };
  if (id === null) return lookAt(page, address, { pages, isOver });
  await page.goto(new URL(`#/runs/${id}?tab=requests`, address).href);
  while (!isOver()) {
    pages.push(await shownOn(page));
    await page.waitForTimeout(400);
  }
}

/** A page of a run, or its report, once it has the table. */
export async function shownAt(page: Page, href: string): Promise<ShownPage> {
  await page.goto(href);
  await page.reload();
  await page.locator('tfoot').first().waitFor();
  return shownOn(page);
}

/** Runs in the page. */
const SHOWN = `(() => {
  const textOf = (element) => element?.textContent.trim() ?? '';
  const figures = [...document.querySelectorAll('.figures > div')].map((one) => [one.querySelector('dt'), one.querySelector('dd')].map(textOf));
  const table = document.querySelector('[aria-label="Requests by name"] table, table[aria-label="Requests"]');
  const rows = [...(table?.querySelectorAll('tbody tr, tfoot tr') ?? [])].map((row) =>
    Object.fromEntries([['Request', textOf(row.querySelector('th'))], ...[...row.querySelectorAll('td')].map((cell) => [cell.dataset.label, textOf(cell)])]),
  );
  return { figures: Object.fromEntries(figures), rows };
})()`;

function shownOn(page: Page): Promise<ShownPage> {
  return page.evaluate(SHOWN) as Promise<ShownPage>;
}

interface Program {
  readonly address: Promise<string>;
  /** @returns all that it has written */
  end(): Promise<string>;
}

function started(args: readonly string[], { folder, patienceMs, size }: Omit<Options, 'browser'>): Program {
  const said = /web UI: (http:\S+)/;
  if (size === undefined) {
    const program = startCli(args, { cwd: folder, timeoutMs: patienceMs });
    return {
      address: program.printed(said).then(([, address = '']) => address),
      end: () => {
        program.signal('SIGINT');
        return program.ended.then(({ stdout, stderr }) => stderr + stdout);
      },
    };
  }
  const program = startAtTerminal(args, { size, timeoutMs: patienceMs });
  return {
    address: program.shown(said).then(([, address = '']) => address),
    end: () => {
      program.press('\x03');
      return program.ended.then(({ output }) => output);
    },
  };
}

/** The same run by another program: its server is asked while there is nothing else. */
export async function fromHistory<Found>({ runDir }: EveryView, folder: string, ask: (address: string) => Promise<Found>): Promise<Found> {
  const ui = startCli(['ui', '--config', join(folder, 'config.yaml'), '--port', '0', '--run-dir', runDir], { cwd: folder });
  const [, address = ''] = await ui.printed(/web UI: (http:\S+)/);
  try {
    return await ask(address);
  } finally {
    ui.signal('SIGINT');
    await ui.ended;
  }
}

/** The result as `stressrun report` makes it. */
export async function reported({ id, runDir }: EveryView): Promise<RunJson> {
  const jsonPath = join(temporaryFolder(), 'again.json');
  const { exitCode, stderr } = await cli(['report', id, '--run-dir', runDir, '--json', jsonPath]);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(readFileSync(jsonPath, 'utf8')) as RunJson;
}
