import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import dockerfilelint from 'dockerfilelint';
import { expect, test } from 'vitest';
import { EXIT } from '../../../runtime/core/errors.ts';

const TOP = resolve(import.meta.dirname, '../../..');
const FOLDER = join(TOP, 'deploy/docker');
const TEXT = readFileSync(join(FOLDER, 'Dockerfile'), 'utf8');
/** As the Dockerfile writes it; a text, not a template. */
const ARG = ['$', '{NODE}'].join('');
const linesOf = (text: string): string[] => text.split('\n').filter((line) => /^[A-Z]+ /.test(line));

/** What a linter of Dockerfiles says, but for one that does not know HEALTHCHECK's --start-period. */
function lint(text: string): string[] {
  const issues = dockerfilelint.run('.', text) as { line: number; title: string }[];
  const lines = text.split('\n');
  return issues.filter(({ line }) => !lines[line - 1]?.startsWith('HEALTHCHECK')).map(({ line, title }) => `${line}: ${title}`);
}

/** Rules that the linter lacks, of which hadolint has most. */
function ownRules(text: string): string[] {
  const lines = linesOf(text);
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  const word = (name: string): string | undefined => last.find((line) => line.startsWith(`${name} `));
  return [
    ...(lines.filter((line) => line.startsWith('FROM ')).length >= 2 ? [] : ['one stage alone']),
    ...lines.filter((line) => /^FROM \S+(:latest)?( AS|$)/.test(line) && !line.includes(ARG)).map((line) => `${line}: no version`),
    ...(/^USER [1-9]\d*:[1-9]\d*$/.test(word('USER') ?? '') ? [] : ['the last user is root, or has a name that runAsNonRoot cannot check']),
    ...(word('HEALTHCHECK')?.includes('CMD ["') ? [] : ['no HEALTHCHECK in exec form']),
    ...(word('ENTRYPOINT')?.startsWith('ENTRYPOINT ["') ? [] : ['signals do not reach a shell form entry point']),
    ...lines.filter((line) => /^ADD /.test(line)).map(() => 'ADD where COPY does'),
    ...lines.filter((line) => /^RUN .*\bnpm (install|i)\b/.test(line)).map(() => 'npm install instead of npm ci'),
    ...lines.filter((line) => /^RUN .*\bsudo\b/.test(line)).map(() => 'sudo'),
    ...lines.filter((line) => /^WORKDIR [^/]/.test(line)).map(() => 'a relative WORKDIR'),
    ...lines
      .filter((line) => /^RUN .* (\/\w|~)/.test(line))
      .map((line) => `${line}: an absolute path, which the check without an engine cannot follow`),
    ...last.filter((line) => /^COPY (\.|\.\/) /.test(line)).map(() => 'the whole context in the image'),
  ];
}

test('the Dockerfile has nothing that a linter or 11 rules of ours find', () => {
  expect(lint(TEXT)).toEqual([]);
  expect(ownRules(TEXT)).toEqual([]);
});

test.each([
  ['root', TEXT.replace(/^USER .*$/m, 'USER root')],
  ['a shell entry point', TEXT.replace(/^ENTRYPOINT .*$/m, 'ENTRYPOINT node main.js')],
  ['no version', TEXT.replace(`FROM node:${ARG} AS image`, 'FROM node AS image')],
  ['no health check', TEXT.replace(/^HEALTHCHECK .*$/m, '')],
  ['npm install', TEXT.replace('npm ci --omit=dev', 'npm install --omit=dev')],
  ['the whole context', TEXT.replace('COPY config.yaml /project/config.yaml', 'COPY . /project')],
])('a Dockerfile with %s is found', (_, text) => {
  expect(text).not.toBe(TEXT);
  expect([...lint(text), ...ownRules(text)].length).toBeGreaterThan(0);
});

test('every file that COPY names is there, and .dockerignore lets it through', () => {
  const ignore = readFileSync(join(FOLDER, 'Dockerfile.dockerignore'), 'utf8').split('\n');
  const kept = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(ignore).toContain('*');
  const sources = linesOf(TEXT)
    .filter((line) => /^COPY (?!--from)/.test(line))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));
  for (const source of sources) {
    expect(existsSync(join(TOP, source.replace(/\/\*.*$/, ''))), source).toBe(true);
    expect(
      kept.some((name) => source === name || source.startsWith(`${name}/`)),
      source,
    ).toBe(true);
  }
  expect(sources.length).toBeGreaterThan(8);
});

const health = (commandLine: string) => spawnSync(process.execPath, [join(FOLDER, 'healthcheck.js'), commandLine], { encoding: 'utf8' });

test('a headless run is healthy, a UI that does not answer is not: exit codes 0 and 1', () => {
  expect(health('node /app/entrypoint.js predict.ts --env local --profile smoke').status).toBe(0);
  const closed = health('node /app/entrypoint.js ui --host 0.0.0.0 --port 1');
  expect([closed.status, closed.stderr]).toEqual([1, expect.stringContaining('the web UI on port 1 does not answer')]);
});

test.each(['ui --host 0.0.0.0 --port PORT', 'predict.ts --ui=0.0.0.0:PORT', 'predict.ts --ui PORT --env local'])(
  'a UI that answers 200 on /healthz is healthy: %s',
  async (words) => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const status = await new Promise((resolve) =>
      spawn(process.execPath, [join(FOLDER, 'healthcheck.js'), `node entrypoint.js ${words.replace('PORT', String(port))}`]).once(
        'close',
        resolve,
      ),
    );
    server.close();
    expect([status, asked]).toEqual([0, ['/healthz']]);
  },
);

test('the table of exit codes in deploy/ci/README.md has what the program ends with, each in its own row', () => {
  const rows = readFileSync(join(FOLDER, '../ci/README.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| \d/.test(line))
    .map(
      (line) =>
        line
          .split('|')
          .slice(1, 3)
          .map((cell) => cell.trim()) as [codes: string, does: string],
    );
  const wordsOf = (code: number): string =>
    rows
      .filter(([codes]) => new RegExp(`\\b${code}\\b`).test(codes))
      .map(([, does]) => does)
      .join();
  expect(rows.map(([codes]) => codes)).toHaveLength(4);
  expect(wordsOf(0)).toMatch(/^goes on/);
  expect(wordsOf(EXIT.thresholdMissed)).toMatch(/rolls staging back$/);
  expect(wordsOf(EXIT.inconclusive)).toMatch(/^pauses, asks once more/);
  const others = rows.at(-1)?.[0].match(/\d+/g)?.map(Number) ?? [];
  expect(others).toContain(EXIT.badInput);
  for (const code of others) expect([code, Object.values(EXIT).includes(code as never)]).toEqual([code, true]);
});
