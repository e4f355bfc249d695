import { createReadStream, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runIdsIn } from '../history/find-run.ts';
import { NotFoundError } from './backend.ts';

/** Files of a run folder that may be downloaded, with their types; no other name is ever looked for. */
const FILES: Readonly<Record<string, string>> = {
  'report.html': 'text/html; charset=utf-8',
  'run.json': 'application/json',
  'plan.json': 'application/json',
  'journal.ndjson': 'application/x-ndjson',
  'stats.csv': 'text/csv; charset=utf-8',
  'stats_history.csv': 'text/csv; charset=utf-8',
  'failures.csv': 'text/csv; charset=utf-8',
  'exceptions.csv': 'text/csv; charset=utf-8',
  'junit.xml': 'application/xml',
  'summary.md': 'text/markdown; charset=utf-8',
  'latency.hlog': 'text/plain; charset=utf-8',
};

/** The report brings its own scripts, and texts of servers: it is shown as if it came from nowhere, so that it can ask this server for nothing. */
export const REPORT_POLICY = [
  'sandbox allow-scripts allow-downloads',
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** The folder of a kept run. @throws {NotFoundError} for what is not the id of one */
export function folderOf(runDir: string, id: string): string {
  if (!runIdsIn(runDir).includes(id)) throw new NotFoundError('expected the id of a kept run; there is none of that name');
  return join(runDir, id);
}

/** Names of the files that are there. */
export function filesOf(folder: string): string[] {
  return Object.keys(FILES).filter((name) => isPlainFile(join(folder, name)));
}

/** @param isDownload - saved, never shown. @throws {NotFoundError} when there is none of that name */
export function fileResponse(folder: string, name: string, isDownload: boolean): Response {
  const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  const path = join(folder, name);
  if (type === undefined || !isPlainFile(path)) throw new NotFoundError('expected a file of the run; there is none of that name');
  const isReport = name === 'report.html';
  const headers: Record<string, string> = {
    'content-type': type,
    'cache-control': 'no-store',
    'content-disposition': isReport && !isDownload ? 'inline' : `attachment; filename="${name}"`,
    ...(isReport ? { 'content-security-policy': REPORT_POLICY } : {}),
  };
  // a journal may be larger than memory
  return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>, { headers });
}

/** A link could lead anywhere. */
function isPlainFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
